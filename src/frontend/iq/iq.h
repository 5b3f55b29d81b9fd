/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_IQ_IQ_H
#define FRONTEND_IQ_IQ_H

#include "frontend/private.h"

/* IQ requests: one table of features, one file a feature. A handler answers with iq_begin() and
 * iq_end() or iq_error(), now or (through iq_keep()) later. */

/* Whom a request addresses: our domain; somebody or something on the network; in server mode, the sender's own account
 * (his bare JID). Domain and account stand in for each other where only one of them has the feature. */
enum iq_target { IQ_TRANSPORT = 1, IQ_ENTITY = 2, IQ_ANY = 3, IQ_ACCOUNT = 4 };

enum iq_target iq_target(const struct frontend *frontend, const struct stanza *request);

struct iq_feature {
	const char *ns, *name; /* of the payload */
	unsigned targets;      /* enum iq_target bits; others get service-unavailable */
	void (*get)(struct frontend *frontend, const struct stanza *request,
		    const struct xml_element *payload); /* NULL: not-allowed */
	void (*set)(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload);
};

extern const struct iq_feature iq_adhoc, iq_block, iq_blocklist, iq_unblock, iq_upload;
extern const struct iq_feature iq_archive, iq_archive_metadata, iq_archive_preferences;
extern const struct iq_feature iq_own_vcard, iq_pep, iq_pep_owner, iq_private;
extern const struct iq_feature iq_carbons_off, iq_carbons_on, iq_last, iq_stats, iq_time;
extern const struct iq_feature iq_disco_info, iq_disco_items, iq_gateway, iq_muc_admin, iq_muc_owner, iq_muc_register,
	iq_ping, iq_pubsub, iq_register, iq_roster, iq_vcard, iq_version;

/* Whether the gateway itself answers this payload. */
bool iq_serves(const struct frontend *frontend, const struct xml_element *payload);

void iq_receive(struct frontend *frontend, const struct stanza *stanza);

/* Where an answer goes. */
struct iq_address {
	const char *id, *from, *to; /* from: the address that was asked */
};
struct iq_address iq_address(const struct stanza *request);

/* Starts `<iq type='result'..>`; NULL if it cannot be sent now. */
struct buf *iq_begin(struct frontend *frontend, struct iq_address address);
/* The same of an error, which is the caller's to write. */
struct buf *iq_begin_error(struct frontend *frontend, struct iq_address address);
void iq_end(struct frontend *frontend, struct iq_address address, struct buf *out);

/* An empty result; an error. */
void iq_done(struct frontend *frontend, struct iq_address address);
void iq_error(struct frontend *frontend, struct iq_address address, enum xmpp_condition condition, const char *text);

/* An error with the condition `name` of the namespace `ns` besides (RFC 6120, section 8.3.4). */
void iq_error_with(struct frontend *frontend, struct iq_address address, enum xmpp_condition condition, const char *ns,
		   const char *name);

/* Keeps the address for an answer to come. 0: too many are waiting, and the asker was told. */
uint64_t iq_keep(struct frontend *frontend, const struct stanza *request);
/* The core's answer to a kept request: sends an error, or starts the result, which the caller ends by
 * iq_end() and iq_drop(). NULL: there is nothing more to do. */
struct buf *iq_resume(struct frontend *frontend, uint64_t id, const struct core_result *result,
		      struct iq_address *address);
/* The address of a kept request, borrowed until iq_drop(). False: there is none. */
bool iq_kept(const struct frontend *frontend, uint64_t id, struct iq_address *address);
void iq_drop(struct frontend *frontend, uint64_t id);

#endif
