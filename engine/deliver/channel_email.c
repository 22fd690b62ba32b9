/*
 * Mail over the operator's own server (domain.md section 4).
 *
 * The answer is the last reply of SMTP and what it replied to (RFC 5321 4.2, RFC 3463):
 *
 *   all of it accepted                      SENT
 *   4yz                                     RETRY
 *   5yz to the log-in, to MAIL, to the      RETRY: the server or the settings are at fault, which an operator mends;
 *   greeting; 5yz 5.7.x to RCPT             the reason names the setting
 *   550 to RCPT: no such mailbox            DEAD, and gone
 *   other 5yz                               DEAD
 *
 * The server's own words are not repeated: they hold addresses.
 */
#include <stdio.h>
#include <stdlib.h>

#include "deliver/mail.h"

enum { TEXT_BYTES_MAX = 16000, SUBJECT_BYTES_MAX = 400, ENHANCED_BYTES = 12 };

static int email_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	(void)allow_private; /* a mailbox is a name; which server is called stands in the settings */
	if (secret.length > 0)
		return error_set(error, "a mail address has no secret; leave it empty");
	return mail_check_address(address, error);
}

static int check_settings(const struct channel_settings *s, struct error *error)
{
	if (s->smtp_url[0] != '\0')
		return 0;
	error_set(error, "there is no mail server: set smtp.url and smtp.from");
	return CHANNEL_BUILD_LATER;
}

static int email_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                               struct error *error)
{
	const struct channel_settings *s = m->settings;
	struct mail mail = {.id = m->id, .from = slice_of(s->smtp_from), .to = m->address, .now_ms = m->now_ms,
	                    .signature = slice_of(s->signature)};
	struct channel_text text;
	int result = check_settings(s, error);

	*r = (struct channel_request){.kind = CHANNEL_SMTP, .operators = true, .require_tls = s->smtp_require_tls};
	if (result != 0)
		return result;
	if (mail_check_address(m->address, error) == -1 || mail_check_address(mail.from, error) == -1 ||
	    channel_text_read(m, arena, &text, error) == -1)
		return -1;
	text.text = channel_text_cut(arena, text.text, TEXT_BYTES_MAX, channel_cost_bytes, &r->cut);
	text.subject = channel_text_cut(arena, text.subject, SUBJECT_BYTES_MAX, channel_cost_bytes, &r->cut);
	mail.text = &text;
	r->body = mail_write(&mail, arena);
	r->url = arena_print(arena, "%s/%.*s", s->smtp_url, SLICE_PRINT(mail_domain(mail.from)));
	r->from = arena_print(arena, "<%s>", s->smtp_from);
	r->to = arena_print(arena, "<%.*s>", SLICE_PRINT(m->address));
	r->user = s->smtp_user;
	r->password = s->smtp_password;
	/* A mail without TLS is the operator's to decide; a password without TLS leaves this machine never. */
	r->loopback_only = !s->smtp_require_tls && s->smtp_user[0] != '\0' && strncmp(s->smtp_url, "smtps:", 6) != 0;
	return arena_overflowed(arena) ? error_set(error, "no room for the request") : 0;
}

/* "5.1.1" at the beginning of a reply's words, or "". */
static void enhanced_of(struct slice words, char enhanced_r[ENHANCED_BYTES])
{
	uint32_t length = 0;

	enhanced_r[0] = '\0';
	while (length < words.length && ((words.at[length] >= '0' && words.at[length] <= '9') || words.at[length] == '.'))
		length++;
	if (length >= 5 && length < ENHANCED_BYTES && words.at[1] == '.')
		snprintf(enhanced_r, ENHANCED_BYTES, "%.*s", (int)length, words.at);
}

/* RFC 3463: bad mailbox, bad domain, moved, no mail there, disabled. Without one, 550 to RCPT says it. */
static bool is_gone(long status, const char *enhanced)
{
	static const char *const gone[] = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"};

	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (strcmp(enhanced, gone[i]) == 0)
			return true;
	return status == 550 && enhanced[0] == '\0';
}

/* What an operator is to look at, or NULL where the mail or its receiver is at fault. */
static const char *setting_of(const struct channel_answer *a, const char *enhanced)
{
	if (slice_is(a->command, "AUTH") || a->status == 530 || a->status == 534 || a->status == 535 || a->status == 538)
		return "the mail server refuses the log-in; correct smtp.user and smtp.password";
	if (slice_is(a->command, "MAIL"))
		return "the mail server does not take mails from smtp.from";
	if (slice_is(a->command, "STAR"))
		return "the mail server does not begin TLS; correct smtp.url";
	if (!slice_is(a->command, "RCPT") && !slice_is(a->command, "DATA"))
		return "the mail server refuses to talk to this machine; correct smtp.url";
	if (slice_is(a->command, "RCPT") && strncmp(enhanced, "5.7.", 4) == 0)
		return "the mail server does not send on for this machine; correct smtp.url, smtp.user or smtp.from";
	return NULL;
}

static void judge_refusal(const struct channel_answer *a, struct channel_verdict *v)
{
	char enhanced[ENHANCED_BYTES];
	const char *setting;

	enhanced_of(a->body, enhanced);
	setting = setting_of(a, enhanced);
	if (setting != NULL) {
		snprintf(v->reason, sizeof(v->reason), "SMTP %ld %s: %s", a->status, enhanced, setting);
		return;
	}
	v->outcome = CHANNEL_DEAD;
	v->gone = slice_is(a->command, "RCPT") && is_gone(a->status, enhanced);
	snprintf(v->reason, sizeof(v->reason), "SMTP %ld %s: %s", a->status, enhanced,
	         v->gone ? "there is no such mailbox; the contact is disabled" : "the mail is refused for good");
}

static void email_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	*v = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	if (a->failure == NULL && a->status >= 200 && a->status < 300) {
		v->outcome = CHANNEL_SENT;
		snprintf(v->reason, sizeof(v->reason), "SMTP %ld", a->status);
	} else if (a->status >= 500 && a->status < 600) {
		judge_refusal(a, v);
	} else if (a->status >= 400 && a->status < 500) {
		snprintf(v->reason, sizeof(v->reason), "SMTP %ld: the mail server asks to try later", a->status);
	} else if (a->failure != NULL) {
		snprintf(v->reason, sizeof(v->reason), "%s", a->failure);
	} else {
		snprintf(v->reason, sizeof(v->reason), "the mail server answers with %ld, which is no reply of SMTP", a->status);
	}
}

const struct channel channel_email = {
	.name = "email",
	.title_zh = "电子邮件",
	.title_en = "E-mail",
	.called = "邮件|邮箱|电子邮箱|mail|e-mail",
	.limits = {.body_bytes_max = TEXT_BYTES_MAX, .per_minute_max = 0},
	.needs_code = true,
	.check_address = email_check_address,
	.build_request = email_build_request,
	.judge_answer = email_judge_answer,
};
