/* SPDX-License-Identifier: MIT */
#include "jid/jid.h"
#include "xmpp/c2s_private.h"

#include <openssl/rand.h>

enum { ID_BYTES = 12, SCRATCH = 1024 };

/* RFC 6120, section 4.7.3: nobody can guess it. */
static void put_id(struct buf *out)
{
	guchar random[ID_BYTES];
	g_assert(RAND_bytes(random, sizeof(random)) == 1);
	g_autofree char *id = g_base64_encode(random, sizeof(random));
	xml_put_attr(out, "id", id);
}

/* RFC 6120, section 4.7.2: the bare JID that the client's header names. */
static void put_to(struct buf *out, const char *from)
{
	struct arena *arena = arena_new(SCRATCH);
	struct jid jid;
	if (jid_parse_text(&jid, arena, from))
		xml_put_attr(out, "to", jid_bare_text(&jid, arena));
	arena_free(&arena);
}

void c2s_put_header(struct xmpp_c2s *c2s, const char *from)
{
	struct buf *out = c2s->out;
	xml_put(out, "<?xml version='1.0'?><stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAM "'");
	put_id(out);
	xml_put_attr(out, "from", c2s->domain);
	if (from)
		put_to(out, from);
	xml_put(out, " version='1.0' xml:lang='en'>");
	c2s->greeted = true;
}

/* --- features -------------------------------------------------------------------------------- */

static void put_starttls(const struct xmpp_c2s *c2s, struct buf *out)
{
	if (!c2s->offer.starttls)
		return;
	xml_put(out, "<starttls xmlns='" NS_TLS "'>");
	if (!c2s_has_mechanism(c2s))
		xml_put(out, "<required/>");
	xml_put(out, "</starttls>");
}

static void put_mechanisms(const struct xmpp_c2s *c2s, struct buf *out)
{
	if (!c2s_has_mechanism(c2s))
		return;
	xml_put(out, "<mechanisms xmlns='" NS_SASL "'>");
	c2s_put_mechanisms(c2s, out);
	xml_put(out, "</mechanisms>");
}

/* XEP-0388, section 2.1, with what may come along with a login. */
static void put_authentication(const struct xmpp_c2s *c2s, struct buf *out)
{
	if (!c2s_has_mechanism(c2s))
		return;
	xml_put(out, "<authentication xmlns='" NS_SASL2 "'>");
	c2s_put_mechanisms(c2s, out);
	xml_put(out, "<inline><sm xmlns='" NS_SM "'/><bind xmlns='" NS_BIND2 "'><inline>"
		     "<feature var='" NS_CARBONS "'/><feature var='" NS_CSI "'/><feature var='" NS_SM "'/>"
		     "</inline></bind></inline></authentication>");
}

#define LIMITS(bytes) "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>" G_STRINGIFY(bytes) "</max-bytes></limits>"

/* What is offered in which state, in this order. */
static const struct {
	unsigned states;
	void (*put)(const struct xmpp_c2s *c2s, struct buf *out); /* NULL: `text` */
	const char *text;
} features[] = {
	{ C2S_IN(OPEN), put_starttls, NULL },
	{ C2S_IN(OPEN), put_mechanisms, NULL },
	{ C2S_IN(OPEN), put_authentication, NULL },
	{ C2S_IN(OPEN), NULL, LIMITS(C2S_STRANGER_BYTES) },
	{ C2S_IN(BINDING), NULL, "<bind xmlns='" NS_BIND "'/>" },
	{ C2S_IN(BINDING), NULL, "<session xmlns='" NS_SESSION "'><optional/></session>" },
	{ C2S_IN(BINDING) | C2S_IN(READY), NULL, "<sm xmlns='" NS_SM "'/>" },
	{ C2S_IN(BINDING) | C2S_IN(READY), NULL, "<csi xmlns='" NS_CSI "'/>" },
	{ C2S_IN(BINDING) | C2S_IN(READY), NULL, "<ver xmlns='urn:xmpp:features:rosterver'/>" },
	{ C2S_IN(BINDING) | C2S_IN(READY), NULL, LIMITS(C2S_CLIENT_BYTES) },
};

void c2s_put_features(struct xmpp_c2s *c2s)
{
	xml_put(c2s->out, "<stream:features>");
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++) {
		if (!(features[i].states & 1u << c2s->state))
			continue;
		if (features[i].put)
			features[i].put(c2s, c2s->out);
		else
			buf_append_text(c2s->out, features[i].text);
	}
	xml_put(c2s->out, "</stream:features>");
}
