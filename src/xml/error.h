/* SPDX-License-Identifier: MIT */
#ifndef XML_ERROR_H
#define XML_ERROR_H

#include <glib.h>

/* Not XML; XML that streams must not use (RFC 6120, section 11.1); more than the limits allow; not UTF-8 by its own
 * words (section 11.6). */
enum xml_error { XML_ERROR_NOT_WELL_FORMED, XML_ERROR_RESTRICTED, XML_ERROR_TOO_LARGE, XML_ERROR_ENCODING };
#define XML_ERROR (xml_error_quark())
GQuark xml_error_quark(void);

#endif
