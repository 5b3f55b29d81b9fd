/* SPDX-License-Identifier: MIT */
#ifndef XMPP_NS_H
#define XMPP_NS_H

/* Namespaces, as literals so that they can stand inside longer literals. */
#define NS_STREAM      "http://etherx.jabber.org/streams"
#define NS_STREAMS     "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_STANZAS     "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_COMPONENT   "jabber:component:accept"
#define NS_DISCO_INFO  "http://jabber.org/protocol/disco#info"
#define NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define NS_REGISTER    "jabber:iq:register"
#define NS_GATEWAY     "jabber:iq:gateway"
#define NS_VERSION     "jabber:iq:version"
#define NS_PING        "urn:xmpp:ping"
#define NS_FORM        "jabber:x:data"
#define NS_OOB         "jabber:x:oob"
#define NS_VCARD       "vcard-temp"
#define NS_VCARD_X     "vcard-temp:x:update"
#define NS_CAPS        "http://jabber.org/protocol/caps"
#define NS_CHATSTATES  "http://jabber.org/protocol/chatstates"
#define NS_MUC         "http://jabber.org/protocol/muc"
#define NS_MUC_USER    "http://jabber.org/protocol/muc#user"
#define NS_NICK        "http://jabber.org/protocol/nick"
#define NS_PRIVILEGE_1 "urn:xmpp:privilege:1"
#define NS_PRIVILEGE_2 "urn:xmpp:privilege:2"
#define NS_ROSTERX     "http://jabber.org/protocol/rosterx"
#define NS_RECEIPTS    "urn:xmpp:receipts"
#define NS_MARKERS     "urn:xmpp:chat-markers:0"
#define NS_DELAY       "urn:xmpp:delay"
#define NS_SID         "urn:xmpp:sid:0"
#define NS_ATTENTION   "urn:xmpp:attention:0"
#define NS_INVISIBLE   "urn:xmpp:invisible:0"
#define NS_XHTML       "http://www.w3.org/1999/xhtml"
#define NS_XHTML_IM    "http://jabber.org/protocol/xhtml-im"

#endif
