"""The harness itself: identifiers that the tests make up are valid by the vectors of the domain."""

import feed


def test_bank_codes_follow_the_known_vectors():
    assert feed.bank_code("10210009999") == "102100099996"
    assert feed.bank_code("30858400001") == "308584000013"
