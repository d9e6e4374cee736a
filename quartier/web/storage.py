"""Static files with hashed names, in front of any number of processes."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports between our script modules: without that a new release mixes with cached old modules."""

    support_js_module_import_aggregation = True
