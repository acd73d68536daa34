"""For organisers and moderators: languages, their sentences, and files of these.

Languages stand here rather than in `languages`, since opening one looks at its sentences.
"""

from prompts.admin.files import SentenceImportAdmin
from prompts.admin.languages import LanguageAdmin
from prompts.admin.sentences import PromptAdmin

__all__ = ["LanguageAdmin", "PromptAdmin", "SentenceImportAdmin"]
