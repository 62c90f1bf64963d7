"""Placeholder until the real module arrives."""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_networks(text):
    return tuple(ipaddress.ip_network(x) for x in text.replace(",", " ").split())


def client_address(request, trusted):
    return request.remote_addr or ""


def user_agent(request):
    return (request.user_agent or "")[:500]


def device(agent):
    return "Unknown device"
