"""Static files with hashed names, in front of any number of processes."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own switch for this reads every script, also those of packages, and stumbles over their comments.
_OUR_IMPORTS = (
    "js/*.js",
    (
        (
            r"""(?P<matched>import\s*(?P<names>\{[^}]*\})\s*from\s*"(?P<url>\./[^"]+)";)""",
            """import %(names)s from "%(url)s";""",
        ),
        (r"""(?P<matched>import\s*"(?P<url>\./[^"]+)";)""", """import "%(url)s";"""),
    ),
)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites imports between our script modules: otherwise a new release mixes with old modules from caches."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, _OUR_IMPORTS)
