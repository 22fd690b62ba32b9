/*
 * What an official message never says, and what it always says first (domain.md section 4). Pure.
 *
 * Nobody is to learn from us to trust a link, a chat id or a number, or to expect that a warning wants an answer:
 * those who cheat write in our name, too.
 */
#ifndef PATTERN_MESSAGE_RULES_H
#define PATTERN_MESSAGE_RULES_H

#include "pattern/message.h"

enum message_rule {
	MESSAGE_RULE_LINK = 1 << 0, /* a link or the name of a site */
	MESSAGE_RULE_CONTACT = 1 << 1, /* a QQ, WeChat or group to join, a code to scan */
	MESSAGE_RULE_CHAT = 1 << 2, /* QQ or WeChat named at all: an SMS is read too quickly for a "not" */
	MESSAGE_RULE_REPLY = 1 << 3, /* asks for a reply */
	MESSAGE_RULE_NUMBER = 1 << 4, /* five digits or more in a row (or joined by - or blanks) that are not 96110 */
	MESSAGE_RULE_CODE = 1 << 5, /* the same, but six digits are allowed: a code is one */
	MESSAGE_RULE_ACCOUNT = 1 << 6, /* twelve digits or more */
	MESSAGE_RULE_STOP_FIRST = 1 << 7, /* the first sentence must say stop, verify or don't */
	MESSAGE_RULE_ADVICE = 1 << 8, /* some sentence must, or say what to check */
	MESSAGE_RULE_EMERGENCY = 1 << 9, /* 110 must be named */
};

/* What is wrong with `text`, as the end of a sentence ("has a link; …"); NULL where nothing is. */
const char *message_rule_broken(struct slice text, unsigned rules);

/* What SMS of a kind and what a text for somebody else's cloud must keep. */
#define MESSAGE_RULES_OFFICIAL (MESSAGE_RULE_LINK | MESSAGE_RULE_CONTACT | MESSAGE_RULE_REPLY)
#define MESSAGE_RULES_SMS (MESSAGE_RULES_OFFICIAL | MESSAGE_RULE_CHAT)

#endif
