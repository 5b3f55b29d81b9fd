# SPDX-License-Identifier: MIT
"""The backend protocol by hand: frames and the few protobuf shapes it uses, independent of the C code."""

import struct

TYPES = {
    "CONNECTED": 1, "DISCONNECTED": 2, "LOGIN": 3, "LOGOUT": 4, "BUDDY_CHANGED": 6, "BUDDY_REMOVED": 7,
    "CONV_MESSAGE": 8, "PING": 9, "PONG": 10, "JOIN_ROOM": 11, "LEAVE_ROOM": 12, "PARTICIPANT_CHANGED": 13,
    "ROOM_NICKNAME_CHANGED": 14, "ROOM_SUBJECT_CHANGED": 15, "VCARD": 16, "STATUS_CHANGED": 17,
    "BUDDY_TYPING": 18, "BUDDY_STOPPED_TYPING": 19, "BUDDY_TYPED": 20, "AUTH_REQUEST": 21, "ATTENTION": 22,
    "STATS": 23, "EXIT": 29, "BACKEND_CONFIG": 30, "QUERY": 31, "ROOM_LIST": 32, "CONV_MESSAGE_ACK": 33,
    "RAW_XML": 34, "BUDDIES": 35, "API_VERSION": 36,
}
NAMES = {number: name for name, number in TYPES.items()}

ONLINE, AWAY, FFC, XA, DND, NONE, INVISIBLE = range(7)
MODERATOR, CONFLICT, BANNED, NOT_AUTHORIZED, ME, KICKED, ROOM_NOT_FOUND = 1, 2, 4, 8, 16, 32, 64

# name: {field: (number, kind)}; kind s text, i integer or boolean, b bytes, another table for a message; [kind] repeats
_BUDDY = {"user": (1, "s"), "buddy": (2, "s"), "alias": (3, "s"), "group": (4, ["s"]), "status": (5, "i"),
          "status_message": (6, "s"), "icon_hash": (7, "s"), "blocked": (8, "i")}
_ATTACHMENT = {"url": (1, "s"), "mime_type": (2, "s"), "description": (3, "s")}
_CONVERSATION = {"user": (1, "s"), "buddy": (2, "s"), "message": (3, "s"), "nickname": (4, "s"), "xhtml": (5, "s"),
                 "timestamp": (6, "s"), "headline": (7, "i"), "id": (8, "s"), "pm": (9, "i"), "carbon": (10, "i"),
                 "attachment": (11, [_ATTACHMENT])}
_ROOM = {"user": (1, "s"), "nickname": (2, "s"), "room": (3, "s"), "password": (4, "s")}
_SETTINGS = {"value": (1, [{"key": (1, "s"), "value": (2, "s")}])}
_CONFIG = {"config": (1, "s")}
MESSAGES = {
    "CONNECTED": {"user": (1, "s")},
    "DISCONNECTED": {"user": (1, "s"), "error": (2, "i"), "message": (3, "s")},
    "LOGIN": {"user": (1, "s"), "legacy_name": (2, "s"), "password": (3, "s"), "settings": (5, _SETTINGS)},
    "LOGOUT": {"user": (1, "s"), "legacy_name": (2, "s")},
    "BUDDY_CHANGED": _BUDDY, "BUDDY_REMOVED": _BUDDY, "AUTH_REQUEST": _BUDDY,
    "BUDDY_TYPING": _BUDDY, "BUDDY_STOPPED_TYPING": _BUDDY, "BUDDY_TYPED": _BUDDY,
    "CONV_MESSAGE": _CONVERSATION, "ROOM_SUBJECT_CHANGED": _CONVERSATION, "ATTENTION": _CONVERSATION,
    "CONV_MESSAGE_ACK": _CONVERSATION,
    "JOIN_ROOM": _ROOM, "LEAVE_ROOM": _ROOM, "ROOM_NICKNAME_CHANGED": _ROOM,
    "PARTICIPANT_CHANGED": {"user": (1, "s"), "room": (2, "s"), "nickname": (3, "s"), "flag": (4, "i"),
                            "status": (5, "i"), "status_message": (6, "s"), "newname": (7, "s"),
                            "icon_hash": (8, "s"), "alias": (9, "s")},
    "VCARD": {"user": (1, "s"), "buddy": (2, "s"), "id": (3, "i"), "fullname": (4, "s"), "nickname": (5, "s"),
              "photo": (6, "b")},
    "STATUS_CHANGED": {"user": (1, "s"), "status": (3, "i"), "status_message": (4, "s")},
    "STATS": {"res": (1, "i"), "init_res": (2, "i"), "shared": (3, "i"), "id": (4, "s")},
    "BACKEND_CONFIG": _CONFIG, "QUERY": _CONFIG,
    "ROOM_LIST": {"room": (1, ["s"]), "name": (2, ["s"]), "user": (3, "s")},
    "BUDDIES": {"buddy": (1, [_BUDDY])},
    "API_VERSION": {"version": (1, "i")},
}


def _varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7


def _bytes_field(number, value):
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def pack(shape, values):
    out = b""
    for name, value in values.items():
        number, kind = shape[name]
        if isinstance(kind, list):
            kind, items = kind[0], value
        else:
            items = [value]
        for item in items:
            if isinstance(kind, dict):
                out += _bytes_field(number, pack(kind, item))
            elif kind == "i":
                out += _varint(number << 3) + _varint(int(item))
            else:
                out += _bytes_field(number, item if isinstance(item, bytes) else item.encode())
    return out


def unpack(shape, data):
    fields = {number: (name, kind) for name, (number, kind) in shape.items()}
    values, at = {}, 0
    while at < len(data):
        key, at = _read_varint(data, at)
        if key & 7 == 0:
            raw, at = _read_varint(data, at)
        elif key & 7 == 2:
            length, at = _read_varint(data, at)
            raw, at = data[at:at + length], at + length
        else:
            raise ValueError(f"wire type {key & 7}")
        name, kind = fields.get(key >> 3, (None, None))
        if name is None:
            continue
        repeated = isinstance(kind, list)
        kind = kind[0] if repeated else kind
        value = unpack(kind, raw) if isinstance(kind, dict) else raw.decode() if kind == "s" else raw
        if repeated:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def frame(type_, payload=None):
    """One frame; type_ by name or number, payload bytes or None."""
    number = TYPES.get(type_, type_)
    body = _varint(1 << 3) + _varint(number)
    if payload is not None:
        body += _bytes_field(2, payload)
    return struct.pack("!I", len(body)) + body


def message(type_, **values):
    """One frame of a known type with its fields; texts may be given as bytes to break them."""
    return frame(type_, pack(MESSAGES[type_], values) if type_ in MESSAGES else None)


class Frame:
    """A frame from the gateway: its type by name and its fields (absent ones are None)."""

    def __init__(self, body):
        values = unpack({"type": (1, "i"), "payload": (2, "b")}, body)
        self.type = NAMES.get(values["type"], str(values["type"]))
        self.payload = values.get("payload", b"")
        self.values = unpack(MESSAGES[self.type], self.payload) if self.type in MESSAGES else {}

    def __getattr__(self, name):
        return self.values.get(name)

    def __repr__(self):
        return f"{self.type} {self.values or ''}"


def split(buffer):
    """(frames, rest) of a stream of bytes."""
    frames = []
    while len(buffer) >= 4:
        (length,) = struct.unpack_from("!I", buffer)
        if len(buffer) < 4 + length:
            break
        frames.append(Frame(buffer[4:4 + length]))
        buffer = buffer[4 + length:]
    return frames, buffer
