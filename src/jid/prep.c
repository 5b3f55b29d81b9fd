/* SPDX-License-Identifier: MIT */
#include "jid/prep.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <idn-free.h>
#include <idna.h>
#include <stringprep.h>

/* What a byte is in each part. */
enum {
	NODE_BAD = 1 << JID_NODE,         /* nodeprep: controls, blank, "&'/:<>@ */
	DOMAIN_BAD = 1 << JID_DOMAIN,     /* all but letters, digits, '-', '_' and what follows */
	RESOURCE_BAD = 1 << JID_RESOURCE, /* controls */
	UPPER = 1 << 3,
	DOT = 1 << 4,
	LITERAL = 1 << 5, /* only in IPv6 addresses: ':', '[', ']' */
	HIGH = 1 << 6,    /* not ASCII: libidn decides */
};

/* clang-format off */
#define R8(x)  (x), (x), (x), (x), (x), (x), (x), (x)
#define R16(x) R8(x), R8(x)
#define C (NODE_BAD | DOMAIN_BAD | RESOURCE_BAD)
#define B (NODE_BAD | DOMAIN_BAD)
#define D DOMAIN_BAD
#define I LITERAL
#define N (NODE_BAD | LITERAL)
#define U UPPER

static const unsigned char classes[256] = {
	/* controls */ R16(C), R16(C),
	/*  !"#$%&' */ B, D, B, D, D, D, B, B,
	/* ()*+,-./ */ D, D, D, D, D, 0, DOT, B,
	/* 01234567 */ R8(0),
	/* 89:;<=>? */ 0, 0, N, D, B, D, B, D,
	/* @ABCDEFG */ B, U, U, U, U, U, U, U,
	/* H to O   */ R8(U),
	/* P to W   */ R8(U),
	/* XYZ[\]^_ */ U, U, U, I, D, I, D, 0,
	/* `abcdefg */ D, 0, 0, 0, 0, 0, 0, 0,
	/* h to o   */ R8(0),
	/* p to w   */ R8(0),
	/* xyz{|}~  */ 0, 0, 0, D, D, D, D, C,
	/* not ASCII */ R16(HIGH), R16(HIGH), R16(HIGH), R16(HIGH), R16(HIGH), R16(HIGH), R16(HIGH), R16(HIGH),
};
/* clang-format on */

enum { LABEL_MAX = 63 }; /* RFC 1034, section 3.1 */

static const struct str none = { NULL, 0 };

/* All the classes that occur. */
static unsigned scan(struct str text)
{
	unsigned seen = 0;
	for (size_t i = 0; i < text.n; i++)
		seen |= classes[(unsigned char)text.p[i]];
	return seen;
}

static struct str lower(struct str text, char *room)
{
	for (size_t i = 0; i < text.n; i++)
		room[i] = g_ascii_tolower(text.p[i]);
	return (struct str){ room, text.n };
}

/* libidn's profile. Unassigned characters (of Unicode 3.2: today's emoji) pass, as servers let them. */
static struct str run_profile(struct str text, char *room, const Stringprep_profile *profile)
{
	struct str prepared = { room, 0 };
	if (!text_is_clean(text.p, text.n))
		return none;
	memcpy(room, text.p, text.n);
	room[text.n] = '\0';
	if (stringprep(room, JID_PREP_ROOM, 0, profile) != STRINGPREP_OK)
		return none;
	prepared.n = strlen(room);
	if (prepared.n == 0)
		return none;
	return str_eq(prepared, text) ? text : prepared;
}

static bool is_ipv6(struct str text)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct str){ text.p + 1, text.n - 2 };
	if (text.n >= sizeof(address))
		return false;
	memcpy(address, text.p, text.n);
	address[text.n] = '\0';
	return inet_pton(AF_INET6, address, &parsed) == 1;
}

/* Whether each label has 1 to 63 bytes. */
static bool are_labels(struct str text)
{
	size_t length = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '.')
			length++;
		else if (length == 0)
			return false;
		else
			length = 0;
		if (length > LABEL_MAX)
			return false;
	}
	return length > 0;
}

/* Length of the label separator at s, 0 if there is none: '.' and the three that RFC 3490, section
 * 3.1 has read as one. */
static size_t measure_dot(const char *s, size_t n)
{
	static const char dots[3][4] = { "\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1" };
	if (*s == '.')
		return 1;
	for (size_t i = 0; n >= 3 && i < G_N_ELEMENTS(dots); i++) {
		if (memcmp(s, dots[i], 3) == 0)
			return 3;
	}
	return 0;
}

/* A prepared label that is not ASCII is as long as its ASCII form (RFC 3490, section 4.1). */
static bool fits_ascii(const char *label)
{
	char *encoded = NULL;
	bool fits = idna_to_ascii_8z(label, &encoded, IDNA_ALLOW_UNASSIGNED) == IDNA_SUCCESS;
	idn_free(encoded);
	return fits;
}

/* One label, prepared, at `to`. Returns its length, 0 if it is none. Labels apart, because the rule
 * on writing directions holds for each (RFC 3490, section 3.1). */
static size_t prep_label(struct str label, char *to)
{
	char room[JID_PREP_ROOM];
	unsigned seen = scan(label);
	struct str prepared = seen & HIGH ? run_profile(label, room, stringprep_nameprep) : label;
	if (!prepared.p)
		return 0;
	/* Again: some characters fall apart into ASCII ones. */
	seen = scan(prepared);
	if (seen & (DOMAIN_BAD | LITERAL | DOT) || prepared.n >= JID_PREP_ROOM)
		return 0;
	lower(prepared, to);
	to[prepared.n] = '\0';
	if (seen & HIGH)
		return fits_ascii(to) ? prepared.n : 0;
	return prepared.n <= LABEL_MAX ? prepared.n : 0;
}

static struct str prep_labels(struct str text, char *room)
{
	char label[JID_PREP_ROOM];
	struct str result = { room, 0 };
	size_t dot = 0, start = 0, n;
	for (size_t end = 0; end <= text.n; end += MAX(dot, 1)) {
		dot = end < text.n ? measure_dot(text.p + end, text.n - end) : 0;
		if (end < text.n && !dot)
			continue;
		if (end == text.n && start == end && result.n > 0)
			break; /* a dot at the end */
		n = prep_label((struct str){ text.p + start, end - start }, label);
		if (n == 0 || result.n + 1 + n >= JID_PREP_ROOM)
			return none;
		if (result.n > 0)
			room[result.n++] = '.';
		memcpy(room + result.n, label, n);
		result.n += n;
		start = end + dot;
	}
	return str_eq(result, text) ? text : result;
}

static struct str prep_domain(struct str text, unsigned seen, char *room)
{
	if (seen & LITERAL) {
		if (seen & HIGH || !is_ipv6(text))
			return none;
		return seen & UPPER ? lower(text, room) : text;
	}
	if (!(seen & (HIGH | UPPER)) && are_labels(text))
		return text;
	return prep_labels(text, room);
}

struct str jid_prep(enum jid_part part, struct str text, char room[static JID_PREP_ROOM])
{
	unsigned seen;
	if (text.n == 0 || text.n >= JID_PREP_ROOM)
		return none;
	seen = scan(text);
	if (seen & (1u << part))
		return none;
	if (part == JID_DOMAIN)
		return prep_domain(text, seen, room);
	if (seen & HIGH)
		return run_profile(text, room,
				   part == JID_NODE ? stringprep_xmpp_nodeprep : stringprep_xmpp_resourceprep);
	return part == JID_NODE && seen & UPPER ? lower(text, room) : text;
}

static const char *prep_text(enum jid_part part, struct arena *arena, const char *s, size_t n)
{
	char room[JID_PREP_ROOM];
	struct str prepared = jid_prep(part, (struct str){ s, n }, room);
	if (!prepared.p)
		return NULL;
	return prepared.p == s && s[n] == '\0' ? s : arena_strndup(arena, prepared.p, prepared.n);
}

const char *jid_nodeprep(struct arena *arena, const char *s, size_t n)
{
	return prep_text(JID_NODE, arena, s, n);
}

const char *jid_nameprep(struct arena *arena, const char *s, size_t n)
{
	return prep_text(JID_DOMAIN, arena, s, n);
}

const char *jid_resourceprep(struct arena *arena, const char *s, size_t n)
{
	return prep_text(JID_RESOURCE, arena, s, n);
}

static bool is_printable_ascii(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

bool jid_saslprep(const char *text, char room[static JID_PREP_ROOM])
{
	size_t n = strlen(text);
	/* Nothing of it changes; and the library leaves copies of passwords in its wake. */
	if (n > 0 && n < JID_PREP_ROOM && is_printable_ascii(text)) {
		memcpy(room, text, n + 1);
		return true;
	}
	/* What is prepared already is in `room` all the same. */
	return n > 0 && n < JID_PREP_ROOM && run_profile((struct str){ text, n }, room, stringprep_saslprep).p;
}
