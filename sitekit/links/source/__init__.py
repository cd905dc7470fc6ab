"""From a finding on a built page back to what somebody wrote: a Markdown file, a data file, a template."""

from .record import BuildRecord, PageRecord, RecordError, read_record

__all__ = ["BuildRecord", "PageRecord", "RecordError", "read_record"]
