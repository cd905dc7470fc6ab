"""What is blanked is checked by nobody, so nothing is blanked that Python-Markdown would show as it stands."""

from __future__ import annotations

import markdown
import pytest

import pelicanconf
from sitekit.source import html_safety
from sitekit.source.mask import mask_code, strip_comments

HARM = "<script>x()</script>"
STANDARD = [name for name in pelicanconf.MARKDOWN["extensions"] if name.startswith("markdown.")]


@pytest.mark.parametrize(
    "text",
    [
        f"a ` b\n\n{HARM}\n\nc ` d",
        f"- a ` b\n- {HARM}\n- c ` d",
        f"# a `\n{HARM}\n# b `",
        f"```\n{HARM}\n",
        f"  ```\n{HARM}\n  ```",
        f"```\n{HARM}\n~~~",
        f"``` not a language\n{HARM}\n```",
        f"` <!-- ` {HARM} -->",
        f"<div>\n\n`{HARM}`\n\n</div>",
        f"<p>`{HARM}`</p>",
        f"\\`{HARM}\\`",
        f"<!-- a -->{HARM}<!-- b -->",
    ],
)
def test_a_script_that_a_page_would_run_is_seen(text: str) -> None:
    html = markdown.markdown(strip_comments(text), extensions=STANDARD)
    assert "<script" in html
    assert [problem.code for problem in html_safety.check("x.md", mask_code(text))][:1] == ["unsafe-html"]


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{HARM}\n```",
        f"~~~~ html\n{HARM}\n```\n~~~~",
        f'```python hl_lines="1"\n{HARM}\n```',
        f"Write `{HARM}` here.",
        f"Write ``a ` {HARM}`` here.",
        f"<!-- {HARM} -->",
        f"<!-- a ` {HARM} -->",
    ],
)
def test_code_and_comments_are_not_looked_at(text: str) -> None:
    html = markdown.markdown(strip_comments(text), extensions=STANDARD)
    assert "<script" not in html
    assert html_safety.check("x.md", mask_code(text)) == []
    assert len(mask_code(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("*a*{onclick=x()}", [5]),
        ("# h {: #id .c onclick=\"x()\" style='y' }", [15, 29]),
        ("[a](b.md){: class=c title='t' }", []),
        ("{filename}a.md and {not a list}", []),
        ("`{: onclick=x() }`", []),
    ],
)
def test_an_attribute_list_holds_only_what_is_harmless(text: str, columns: list[int]) -> None:
    assert [problem.column for problem in html_safety.check("x.md", mask_code(text))] == columns
