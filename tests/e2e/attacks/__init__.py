"""Attacks on a server by peers that keep to no protocol, and what honest clients see meanwhile.

Each attack is a function of a Target that ends by itself at the end of the target's time. ATTACKS lists all by name."""

from attacks import bodies, connections, control, headers, streams

ATTACKS = {
    function.__name__: function
    for function in (
        connections.silent_connections,
        connections.introduced_and_idle,
        connections.churn,
        connections.half_closed,
        connections.garbage,
        connections.goaway_flood,
        headers.endless_continuation,
        headers.endless_small_headers,
        headers.endless_one_header,
        headers.empty_continuation,
        headers.giant_headers,
        headers.header_bomb,
        headers.unreadable_headers,
        streams.rapid_reset,
        streams.rapid_reset_of_calls,
        streams.made_reset,
        streams.open_streams,
        streams.open_streams_politely,
        streams.unread_streams,
        streams.unread_sockets,
        streams.unread_lists,
        bodies.large_messages,
        bodies.unfinished_messages,
        bodies.declared_messages,
        bodies.large_batches,
        bodies.empty_lines,
        bodies.empty_rows,
        bodies.refused_rows,
        bodies.empty_data,
        control.ping_flood,
        control.ping_flood_with_calls,
        control.settings_flood,
        control.window_flood,
        control.priority_flood,
        control.window_dance,
    )
}
