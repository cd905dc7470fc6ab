"""What helps editors: new articles, renames that break nothing, mistakes that can be mended by themselves.

Everything here works on the sources of a project and never on its output. A command plans its changes in memory, rehearses them
on a copy, shows them as a diff, and only then writes all of them or none.
"""

from sitekit.editing.stopping import say_when_stopped

say_when_stopped()
