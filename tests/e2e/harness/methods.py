"""The methods of the three servers and who may call them, as the contract says: read from its descriptors."""

from typing import NamedTuple

from harness import pb

OPTIONS = pb.modules["clustr/options/v1/options.proto"]
ROLES = ("reader", "writer", "admin", "personal")
#: What a role includes.
INCLUDED = {"reader": {"reader"}, "writer": {"reader", "writer"}, "admin": {"reader", "writer", "admin"}, "personal": {"personal"}}


class Method(NamedTuple):
    path: str
    server: str
    #: As grpc.Channel names it: unary_unary, stream_unary, unary_stream.
    kind: str
    #: The role that the contract asks for; "" if it names none.
    role: str
    #: Whether it also asks for the role `personal`.
    personal: bool
    answer: object

    def admits(self, roles):
        """Whether a caller with these roles, a set of words, may call it."""
        held = set().union(*(INCLUDED[role] for role in roles))
        return (self.role or "admin") in held and (not self.personal or "personal" in held)


def every_method():
    """Yields each method of each server; those of AdminService once for each server."""
    for folder in ("catalog", "sales", "bundles", "ops"):
        for service in pb.services(folder):
            for method in service.methods:
                access = method.GetOptions().Extensions[OPTIONS.access]
                role = pb.Role.Name(access.role)[len("ROLE_") :].lower()
                for server in ("catalog", "sales", "bundles") if folder == "ops" else (folder,):
                    yield Method(
                        f"/{service.full_name}/{method.name}",
                        server,
                        f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}",
                        role if role in ROLES else "",
                        access.personal,
                        method.output_type,
                    )


def holds_personal(message, seen=None):
    """Whether a message of this type can hold personal data, at any depth."""
    seen = seen if seen is not None else set()
    if message.full_name in seen:
        return False
    seen.add(message.full_name)
    return any(
        field.GetOptions().Extensions[OPTIONS.field].personal or (field.message_type is not None and holds_personal(field.message_type, seen))
        for field in message.fields
    )
