/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_IQ_ADHOC_H
#define FRONTEND_IQ_ADHOC_H

#include "frontend/iq/iq.h"

/* Ad-hoc commands (XEP-0050) of the gateway, made of the table of commands (admin/admin.h). */

/* A command as somebody may run it. Users' nodes are the names of the table, administrators' have a prefix. */
struct adhoc_command {
	const struct admin_row *row;
	bool for_admin; /* about the instance, or about others */
};

#define ADHOC_ADMIN_NODE "admin/"

/* adhoc_list.c. False: there is no such node for anybody. */
bool adhoc_find(const char *node, struct adhoc_command *command);
bool adhoc_may(struct frontend *frontend, const struct jid *who, const struct adhoc_command *command);
const char *adhoc_title(const struct adhoc_command *command);
/* disco#info and disco#items of the gateway's nodes. False: the node is none of commands. */
bool adhoc_get_info(struct frontend *frontend, const struct stanza *request, const char *node);
bool adhoc_get_items(struct frontend *frontend, const struct stanza *request, const char *node);

/* What a command is at. */
enum adhoc_stage {
	ADHOC_STARTING,
	ADHOC_RUNNING,     /* the answer is awaited; nothing more can be asked of it */
	ADHOC_ARGUMENTS,   /* a form was sent */
	ADHOC_QUESTION,    /* whether it is meant */
	ADHOC_SETTINGS,    /* the form of settings was sent */
	ADHOC_SETTINGS_OF, /* the same, after a form that said of whom they are */
};

/* One command on its way (adhoc_session.c). */
struct adhoc_session {
	uint64_t id, used_at;
	struct frontend *frontend;
	struct adhoc_command command;
	enum adhoc_stage stage, next; /* next: the stage when the answer has come */
	uint64_t waiting;             /* of iq_keep(), while it is RUNNING */
	char *whose;                  /* JID of whom it is about, owned; NULL: the asker */
	struct adhoc_owner *owner;
	GList of_owner, of_all; /* places in their queues, by age */
	char jid[];             /* in full: only he goes on with it */
};

/* NULL: too many. The asker's oldest makes room for it, or the oldest of all. */
struct adhoc_session *adhoc_session_new(struct frontend *frontend, const struct jid *jid,
					const struct adhoc_command *command);
void adhoc_session_end(struct adhoc_session *session);
void adhoc_session_touch(struct adhoc_session *session);
struct adhoc_session *adhoc_session_of_id(struct frontend *frontend, uint64_t id);
/* Ids as they are on the wire. *expired: it was one of ours. */
struct adhoc_session *adhoc_session_find(struct frontend *frontend, const char *text, bool *expired);
char *adhoc_session_name(const struct adhoc_session *session);

/* adhoc_form.c: what is sent. Each is a whole answer to the request that the session waits for. */
void adhoc_put_status(struct buf *out, const struct adhoc_session *session, const char *status);
void adhoc_put_form(struct buf *out, const struct adhoc_session *session);
void adhoc_put_question(struct buf *out, const struct adhoc_session *session);
void adhoc_put_settings(struct buf *out, const struct adhoc_session *session, const bool *values);
void adhoc_put_text(struct buf *out, const struct adhoc_session *session, const char *text, bool failed);
void adhoc_put_fixed(struct buf *out, const char *text);
/* The form that was filled in: a value for each argument, NULL where there is none. False: it cannot be taken. */
bool adhoc_read_form(const struct adhoc_session *session, const struct xml_element *payload, struct arena *arena,
		     const char *values[ADMIN_ARGUMENTS_MAX], const char **whose);
bool adhoc_has_form(const struct adhoc_session *session);

#endif
