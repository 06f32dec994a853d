"""`make check` names at once what other commands find one after the other, and runs nothing."""


def test_mistakes_of_every_kind_are_named_at_once_and_sorted(handbook):
    handbook.replace("docs/en/index.md", "lessons/waves.md", "lessons/gone.md")
    handbook.replace("docs/en/index.md", "There are", "TODO: <unk> are")
    handbook.replace("snippets/lessons/waves.py", '"matplotlib", "numpy"', '"matplotlib"')
    (handbook.root / "docs" / "glossary.yml").write_text("- {zh: 词, en: word}\n", "utf-8")
    records = handbook.records()
    done = handbook.command("handbook", "check")
    said = [line for line in done.stdout.splitlines() if ":" in line]
    assert done.returncode == 1 and "Traceback" not in done.stdout
    for words in ("lessons/gone.md", "TODO", "<unk> is no element", "numpy", "no 'meaning'"):
        assert any(words in line for line in said), (words, done.stdout)
    assert [line.split(":")[0] for line in said] == sorted(line.split(":")[0] for line in said)
    assert handbook.records() == records


def test_a_handbook_without_mistakes_passes(handbook):
    done = handbook.command("handbook", "check")
    assert done.returncode == 0, done.stdout


def test_a_page_whose_programs_have_not_run_is_no_mistake(handbook):
    for record in handbook.records():
        record.unlink()
    done = handbook.command("handbook", "check")
    assert done.returncode == 0, done.stdout
