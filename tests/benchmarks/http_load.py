"""The same HTTP request again and again: `python http_load.py HOST PORT CLIENTS SECONDS < request`.

A process of its own and little else than the system calls, so that the load costs next to nothing
beside what it measures. Prints as JSON how many answers came in how many seconds, and the CPU
seconds that this process spent on them. All answers must be 200 and have a Content-Length. A server
that closes a connection after its answer gets a new one.
"""

import json
import selectors
import socket
import sys
import time


def main(host: str, port: str, clients: str, seconds: str) -> None:
    """Keep ``clients`` connections busy with the request on stdin."""
    request = sys.stdin.buffer.read()
    connections = [connected((host, int(port))) for _ in range(int(clients))]
    spent, started = time.process_time(), time.perf_counter()
    load = one_client if len(connections) == 1 else many_clients
    count = load(connections, request, started + float(seconds))
    took, spent = time.perf_counter() - started, time.process_time() - spent
    sys.stdout.write(json.dumps({"count": count, "seconds": took, "cpu": spent}))


def one_client(connections: list[socket.socket], request: bytes, until: float) -> int:
    """Send, wait for the answer, send again."""
    count, connection = 0, connections[0]
    while not count or time.perf_counter() < until:
        connection.sendall(request)
        answer = more(connection)
        while not is_complete(answer):
            answer += more(connection)
        if is_last(answer):
            connection = again(connection)
        count += 1
    return count


def many_clients(connections: list[socket.socket], request: bytes, until: float) -> int:
    """Do the same on all connections at once."""
    count, partial = 0, dict.fromkeys(connections, b"")
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(request)
        while not count or time.perf_counter() < until:
            for key, _ in selector.select(1):
                connection = key.fileobj
                answer = partial[connection] + more(connection)
                if is_complete(answer):
                    if is_last(answer):
                        selector.unregister(connection)
                        del partial[connection]
                        connection = again(connection)
                        selector.register(connection, selectors.EVENT_READ)
                    connection.sendall(request)
                    count += 1
                    answer = b""
                partial[connection] = answer
    return count


def connected(address: tuple[str, int]) -> socket.socket:
    """Connect; what is sent leaves at once."""
    connection = socket.create_connection(address, 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def again(connection: socket.socket) -> socket.socket:
    """Return a new connection in place of one that the server closes."""
    address = connection.getpeername()
    connection.close()
    return connected(address)


def more(connection: socket.socket) -> bytes:
    """Receive; the server must not close."""
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the server closed the connection")
    return received


def is_complete(answer: bytes) -> bool:
    """Tell whether head and body are there; refuse any other status than 200."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise ValueError(answer)
    head = answer[:end].lower()
    at = head.index(b"content-length:") + len(b"content-length:")
    length = int(head[at:].split(b"\r\n", 1)[0])
    return len(answer) >= end + 4 + length


def is_last(answer: bytes) -> bool:
    """Tell whether the server closes the connection now."""
    return b"\r\nconnection: close\r\n" in answer[: answer.find(b"\r\n\r\n") + 2].lower()


if __name__ == "__main__":
    main(*sys.argv[1:])
