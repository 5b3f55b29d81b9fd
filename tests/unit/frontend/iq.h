/* SPDX-License-Identifier: MIT */
#ifndef TEST_FRONTEND_IQ_H
#define TEST_FRONTEND_IQ_H

#include "rig.h"

/* Requests and answers, without the names that are the same in all. */
#define GATE     "gate.localhost"
#define BOB      "bob@gate.localhost/bot"
#define A        "user@localhost/a"
#define INFO     "<query xmlns='http://jabber.org/protocol/disco#info'"
#define ITEMS    "<query xmlns='http://jabber.org/protocol/disco#items'"
#define PING     "<ping xmlns='urn:xmpp:ping'/>"
#define REGISTER "<query xmlns='jabber:iq:register'"
#define PROMPT   "<query xmlns='jabber:iq:gateway'"
#define VCARD    "<vCard xmlns='vcard-temp'"

#define IQ(type, from, to)    "<iq type='" type "' id='1' from='" from "' to='" to "'>"
#define GET(to, payload)      IQ("get", A, to) payload "</iq>"
#define SET(to, payload)      IQ("set", A, to) payload "</iq>"
#define RESULT(from, payload) IQ("result", from, A) payload "</iq>"
#define ERROR(from, kind, condition) \
	IQ("error", from, A) "<error type='" kind "'><" condition " " STANZAS "/></error></iq>"
#define ERROR_TEXT(from, kind, condition, text)               \
	IQ("error", from, A)                                  \
	"<error type='" kind "'><" condition " " STANZAS "/>" \
	"<text " STANZAS ">" text "</text></error></iq>"

#endif
