"""A registry for a feed: every account has an enterprise, every enterprise one contact, a webhook."""

import csv

import service

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(number):
    """A unified social credit code made up from a number, with its check character."""
    stem = f"91410100MA{number:07d}"
    return stem + check_character(stem)


def check_character(stem):
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(stem))
    return ALPHABET[(31 - total) % 31]


def write(folder, txs, receiver):
    """The three CSV files. An account's enterprise is the feed's, else made up."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts, enterprises = {}, {}
    for tx in txs:
        key = tx["bank"], tx["account"]
        if key not in accounts:
            code = tx.get("enterprise") or uscc(len(accounts))
            accounts[key] = code, tx.get("account_name", "")
            enterprises.setdefault(code, tx.get("account_name") or code)
    tables = {
        "enterprises": (
            "uscc,name,industry,scope,address,registered_on,legal_representative,jurisdiction",
            [(c, n, "", "", "", "2020-01-01", "", "") for c, n in enterprises.items()]),
        "accounts": (
            "bank,account,uscc,name,opened_on",
            [(b, a, code, name, "2020-01-01") for (b, a), (code, name) in accounts.items()]),
        "contacts": (
            "uscc,name,role,rank,language,channel,address,secret",
            [(c, "财务", "finance_lead", 1, "zh", "webhook", receiver.url, receiver.secret)
             for c in enterprises]),
    }
    for name, (columns, rows) in tables.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns.split(","))
            writer.writerows(rows)
    return folder


def load(one, folder):
    """`huqi registry import` into the store of a service that is not running."""
    done = service.run("registry", "import", "--settings", one.file, folder)
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()[:2000]
