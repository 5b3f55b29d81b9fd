/* SPDX-License-Identifier: MIT */
#ifndef XML_LIMITS_H
#define XML_LIMITS_H

/* What a peer may make us hold for one stanza. */
struct xml_limits {
	unsigned depth;      /* elements inside each other, the stanza itself is 1 */
	unsigned attributes; /* on one element */
	unsigned elements;   /* in one stanza */
	unsigned bytes;      /* raw bytes of one stanza (or of a stream header) on the wire */
};

/* For trusted-size peers such as the server of a component link. */
#define XML_LIMITS_DEFAULT ((struct xml_limits){ .depth = 64, .attributes = 64, .elements = 20000, .bytes = 4 << 20 })

#endif
