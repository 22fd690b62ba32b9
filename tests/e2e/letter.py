"""A contact's browser: opens the link of a warning and sends its form."""

import urllib.error
import urllib.parse
import urllib.request

FORM = {"content-type": "application/x-www-form-urlencoded"}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def open_link(url, form=None, headers=None, follow=True):
    """(status, headers, text); without a token, as a contact's browser."""
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(url, data=data, headers={**(FORM if form else {}), **(headers or {})})
    opener = urllib.request.build_opener(*([] if follow else [NoRedirect]))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()
