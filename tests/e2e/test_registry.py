"""The registry from the command line: a preview, an export that comes back, a look-up, a code, a lost key."""
import csv
import re
import shutil
import sqlite3

import pytest

import service

USCC = "91350102MA00000A1Y"  # of seeds/registry
NAME = "陈样例"
HOOK = "https://warnings.example.com/91350102ma00000a1y/finance-lead"


@pytest.fixture
def huqi(tmp_path):
    """A command on a store of its own; gives its output."""
    def run(*arguments, fails=False):
        words = ["--set", f"store.path={tmp_path / 'var/huqi.db'}"]
        done = service.run(*arguments[:2], *words, *arguments[2:])
        assert done.returncode == (1 if fails else 0), done.stderr.decode()
        return (done.stderr if fails else done.stdout).decode()
    return run


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "registry"
    shutil.copytree(service.ROOT / "seeds/registry", copy)
    return copy


def change(path, line, column, value):
    rows = list(csv.reader(open(path, encoding="utf-8")))
    rows[line - 1][rows[0].index(column)] = value
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_a_dry_run_tells_and_changes_nothing(huqi, folder):
    huqi("registry", "import", folder)
    change(folder / "contacts.csv", 2, "role", "owner")
    told = huqi("registry", "import", folder, "--dry-run")
    assert "contacts.csv:2: would be changed: role: finance_lead → owner\n" in told
    assert "would be: 0 inserted, 1 changed, 8 unchanged, 0 refused" in told
    assert told == huqi("registry", "import", folder, "--dry-run")


@pytest.mark.parametrize("language, encoding", [("zh", "gb18030"), ("en", "utf-8")])
def test_what_is_exported_is_imported_unchanged(huqi, folder, tmp_path, language, encoding):
    out = tmp_path / "out"
    huqi("registry", "import", folder)
    told = huqi("registry", "export", out, "--reason", "new machine", "--language", language, "--encoding", encoding)
    assert "9 ways to reach contacts" in told
    header = (out / "contacts.csv").read_text(encoding=encoding).splitlines()[0]
    assert header.startswith("uscc,name" if language == "en" else "统一社会信用代码,姓名")
    assert (out / "contacts.csv").stat().st_mode & 0o007 == 0
    for line in huqi("registry", "import", out).splitlines():
        assert re.search(r" 0 inserted, 0 changed, \d+ unchanged, 0 refused$", line), line
    assert "is there already" in huqi("registry", "export", out, "--reason", "again", fails=True)


def test_a_simulated_registry_makes_its_folder_and_is_imported(huqi, tmp_path):
    made = tmp_path / "made"
    done = service.run("simulate", "--seed", 1, "--enterprises", 3, "--days", 1, "--registry", made)
    assert done.returncode == 0, done.stderr.decode()
    assert "3 inserted" in huqi("registry", "import", made)
    refused = service.run("simulate", "--seed", 1, "--enterprises", 3, "--days", 1, "--registry", tmp_path / "no" / "made")
    assert refused.returncode == 1 and b"made/enterprises.csv: cannot be written" in refused.stderr


def test_without_a_reason_nobody_leaves(huqi, folder, tmp_path):
    huqi("registry", "import", folder)
    assert "without --reason" in huqi("registry", "export", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["enterprises.csv", "jurisdictions.csv"]
    audit = sqlite3.connect(tmp_path / "var/huqi.db").execute("SELECT action, detail FROM audit ORDER BY seq").fetchall()
    assert [action for action, _ in audit] == ["registry.import", "registry.export"]
    assert audit[1][1] == "without personal data"


def test_a_look_up_is_masked(huqi, folder):
    huqi("registry", "import", folder)
    for what in (USCC, "350001000000001001", HOOK, "福州示例商贸有限公司"):
        shown = huqi("registry", "show", what)
        assert USCC in shown and "https://warnings.example.com/…" in shown
        assert "财务负责人" not in shown and HOOK not in shown and "350001000000001001" not in shown
    assert "鼓楼区" in huqi("registry", "show", "350102")
    assert '"what": "contact"' in huqi("registry", "show", USCC, "--json")
    assert "nothing is registered as 13**********99" in huqi("registry", "show", "13800138000999", fails=True)


def test_a_code_is_for_who_is_registered(huqi, folder):
    huqi("registry", "import", folder)
    assert "138****8000" in huqi("registry", "verify", "13800138000", fails=True)
    assert "verified already" in huqi("registry", "verify", HOOK, fails=True)


def test_without_its_key_a_store_does_not_open(huqi, folder, tmp_path):
    key = tmp_path / "var/key"
    huqi("registry", "import", folder)
    assert key.stat().st_mode & 0o777 == 0o600
    told = huqi("store", "backup", tmp_path / "copy.db")
    assert "key file" in told and "store.key_file" in told
    right = key.read_text()
    key.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    assert "another key" in huqi("registry", "import", folder, fails=True)
    assert "another key" in huqi("registry", "show", USCC, fails=True)
    key.unlink()
    assert "store.key_file" in huqi("registry", "import", folder, fails=True)
    assert not key.exists()
    huqi("store", "check")  # which needs none
    key.write_text(right)
    assert "chmod 600" in huqi("registry", "import", folder, fails=True)
    key.chmod(0o600)
    huqi("registry", "import", folder)
