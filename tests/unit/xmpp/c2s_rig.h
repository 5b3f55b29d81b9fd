/* SPDX-License-Identifier: MIT */
#ifndef TESTS_C2S_RIG_H
#define TESTS_C2S_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/writer.h"
#include "xmpp/c2s.h"

/* A stream of a client whose events become lines; what it answers is in `out`. */
struct rig {
	struct xmpp_c2s *c2s;
	struct buf out;
	GString *lines;
	GError *error;
	bool alive, secured;
	/* what the events answer */
	const char *full, *sm_id;
	uint32_t handled;
	bool no_resource, resumes, known, ends_in_event;
	bool quiet; /* of logins nothing is noted but that they are asked for */
};

#define STREAM                                                                                                \
	"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost'" \
	" version='1.0'>"
#define HEADER "<?xml version='1.0'?>" STREAM
#define ERROR(condition) \
	"<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
#define AUTH(text) "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" text "</auth>"
/* NUL romeo NUL secret */
#define ROMEO "AHJvbWVvAHNlY3JldA=="
#define BIND                                                                                                 \
	"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind>" \
	"</iq>"
#define FAILURE(condition) "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" condition "/></failure>"

/* How what is fed is cut: whole, byte by byte, at random. */
enum rig_cut { RIG_WHOLE, RIG_BYTES, RIG_RANDOM, RIG_CUTS };
extern enum rig_cut rig_cut;

/* Passwords may be sent as it is / only with TLS, which is offered. */
struct rig *rig_new(bool plain);
void rig_free(struct rig *rig);

/* False: the stream is over. What comes after a starttls in the same text is lost, as with the loop's stream. */
bool rig_feed(struct rig *rig, const char *text);
/* What was answered since the last time; without the ids of headers. Freed with the next call. */
const char *rig_said(struct rig *rig);
/* The events since the last time, likewise. */
const char *rig_saw(struct rig *rig);

/* The header is answered / romeo has logged in, and the new stream's too / "romeo@localhost/r" is bound. */
struct rig *rig_open(bool plain);
struct rig *rig_logged_in(void);
struct rig *rig_ready(void);

/* Runs the tests once for each way of cutting. */
#define rig_run(tests) rig_run_group(#tests, tests, sizeof(tests) / sizeof((tests)[0]))
int rig_run_group(const char *name, const struct CMUnitTest *tests, size_t n);

#endif
