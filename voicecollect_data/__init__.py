"""Tools for people who use releases of speech data: verify them, update them, and take withdrawn clips out.

Standard library alone, but for packing archives. Nothing here knows the site that made a release.
"""
