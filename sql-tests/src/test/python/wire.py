"""A proxy on the wire between two programs: it writes down who asked for what, and breaks what it is told to."""

import http.client
import http.server
import socket
import struct
import threading
import time


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.status = None
        self.at = time.monotonic()

    def __repr__(self):
        return f"{self.method} {self.path} -> {self.status}"


class Status:
    """Answers by itself."""

    def __init__(self, status, body=b"", headers=()):
        self.status, self.body, self.headers = status, body, dict(headers)


class Drop:
    """Closes the connection without an answer, before the other side sees the request."""


class LoseAnswer:
    """The other side does what it is asked, and its answer is lost."""


class ResetAfter:
    """Breaks the connection within the answer's body."""

    def __init__(self, count):
        self.count = count


class Wire:
    """Listens on a free port of 127.0.0.1. `fault(request)` may give one of the above, `rewrite(request, body)` another body."""

    def __init__(self, upstream_port=None):
        self.upstream_port = upstream_port
        self.requests = []
        self.fault = lambda request: None
        self.rewrite = None
        wire = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_any(self):
                wire._handle(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def clear(self):
        """No faults any more, and nothing written down."""
        self.fault = lambda request: None
        self.rewrite = None
        self.requests = []

    def _handle(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else b""
        if (handler.headers.get("Transfer-Encoding") or "").lower() == "chunked":
            body = self._chunks(handler.rfile)
        request = Request(handler.command, handler.path, dict(handler.headers.items()), body)
        self.requests.append(request)
        action = self.fault(request)
        if isinstance(action, Drop):
            return self._cut(handler)
        if isinstance(action, Status):
            request.status = action.status
            return self._answer(handler, action.status, action.headers.items(), action.body)
        status, headers, answer = self._forward(request)
        request.status = status
        if isinstance(action, LoseAnswer):
            return self._cut(handler)
        if self.rewrite:
            answer = self.rewrite(request, answer)
        if isinstance(action, ResetAfter):
            return self._answer(handler, status, headers, answer, cut_after=action.count)
        self._answer(handler, status, headers, answer)

    @staticmethod
    def _chunks(stream):
        body = b""
        while True:
            size = int(stream.readline().split(b";")[0], 16)
            if size == 0:
                stream.readline()
                return body
            body += stream.read(size)
            stream.readline()

    def _forward(self, request):
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream_port, timeout=60)
        try:
            connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            chunked = False
            for name, value in request.headers.items():
                if name.lower() == "transfer-encoding":
                    chunked = True
                elif name.lower() not in ("connection", "expect"):
                    connection.putheader(name, value)
            if chunked:
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body or None)
            response = connection.getresponse()
            body = response.read()
            headers = [(n, v) for n, v in response.getheaders() if n.lower() not in ("transfer-encoding", "connection")]
            return response.status, headers, body
        finally:
            connection.close()

    @staticmethod
    def _cut(handler):
        handler.close_connection = True
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    def _answer(self, handler, status, headers, body, cut_after=None):
        handler.send_response_only(status)
        head = handler.command == "HEAD"
        for name, value in headers:
            if name.lower() != "content-length" or head:
                handler.send_header(name, value)
        if not head:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if head:
            return
        if cut_after is not None:
            handler.wfile.write(body[:cut_after])
            handler.wfile.flush()
            time.sleep(0.05)
            return self._cut(handler)
        handler.wfile.write(body)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
