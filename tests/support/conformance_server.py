"""A Sayso of its own, with a token for tools, behind a door that adds the token to each request: the conformance suite
cannot send one. Prints the door's address, and ends with its standard input.

    conformance_server.py PROGRAM"""

import html.parser
import http.client
import http.cookiejar
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request


class Fields(html.parser.HTMLParser):
    """The hidden fields of each form of a page, by where it is sent."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.values = {}, {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.current = self.forms.setdefault(attributes.get("action", "").split("#")[0], {})
        if tag == "input" and attributes.get("name"):
            self.values[attributes.get("id") or attributes["name"]] = attributes.get("value", "")
            if attributes.get("type") == "hidden":
                self.current[attributes["name"]] = attributes.get("value", "")


def token(link, base):
    """Makes the first account, and a token for tools."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))

    def page(address, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields, doseq=True).encode()
        origin = {} if body is None else {"Origin": base, "Sec-Fetch-Site": "same-origin"}
        with opener.open(urllib.request.Request(address, body, origin), timeout=30) as answer:
            return answer.read().decode()

    # Cookies and origins belong to one name.
    link = base + link[link.index("/setup?"):]
    hidden = Fields(page(link)).forms["/setup"]
    person = {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery staple", "workspace": "Works"}
    page(base + "/setup", {**hidden, **person})
    hidden = Fields(page(base + "/settings")).forms["/settings/tokens"]
    made = page(base + "/settings/tokens", {**hidden, "name": "conformance", "scopes": ["tools"], "lifetime": "30"})
    return re.search(r"sayso_[A-Za-z0-9_-]{43}", made).group()


def door(base, secret):
    host, port = urllib.parse.urlsplit(base).hostname, urllib.parse.urlsplit(base).port

    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            # The door's own name is Sayso's; every other one is passed on, to be refused there.
            own = {f"127.0.0.1:{self.server.server_port}", f"localhost:{self.server.server_port}"}
            change = lambda value: value.replace(str(self.server.server_port), str(port))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            for name, value in headers.items():
                if value in own or value.split("://")[-1] in own:
                    headers[name] = change(value)
            headers["Authorization"] = f"Bearer {secret}"
            connection = http.client.HTTPConnection(host, port, timeout=60)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                while piece := answer.read1(65536):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                pass
            finally:
                connection.close()

        do_GET = do_POST = do_DELETE = do_PUT = do_OPTIONS = pass_on

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)


def main():
    home = tempfile.mkdtemp()
    settings = {"HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": f"{home}/data", "WORKSPACE_DIR": f"{home}/workspace",
                "RATE_MESSAGES": "1000/min", "LOG_LEVEL": "error"}
    server = subprocess.Popen(
        [sys.argv[1]], env={**os.environ, **settings}, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    try:
        base = server.stdout.readline().split(" listening on ")[1].strip()
        link = next(word for word in server.stdout.readline().split() if "/setup?token=" in word)
        door_ = door(base, token(link, base))
        threading.Thread(target=door_.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{door_.server_port}/mcp", flush=True)
        sys.stdin.read()
    finally:
        server.terminate()
        server.wait(40)
        shutil.rmtree(home, ignore_errors=True)


main()
