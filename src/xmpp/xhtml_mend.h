/* SPDX-License-Identifier: MIT */
#ifndef XMPP_XHTML_MEND_H
#define XMPP_XHTML_MEND_H

#include "base/buf.h"

/* Writes `html` with the usual ways in which HTML is no XML put right: elements without an end tag
 * (`<br>`, `<img ...>`), named characters (`&nbsp;`), ampersands that begin no reference. The result
 * may still be malformed: it is for a parser to judge. */
void xhtml_mend(struct buf *out, const char *html);

#endif
