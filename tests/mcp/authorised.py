"""An MCP server over HTTP that asks who is there, and the authorisation server that it trusts: `authorised.py FOLDER`.

Each request is a line of FOLDER/log with its Authorization header; FOLDER/control.json says how it behaves from now on.
Who says yes is told at /authorize by `login`; without, it is ada. Refresh tokens are good once; the second use voids all of that person's.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

FOLDER = sys.argv[1]
LOCK = threading.RLock()
CLIENTS = {"byhand": {"secret": "hand-s3cret", "redirects": None}}
CODES, ACCESS, REFRESH, SESSIONS = {}, {}, {}, {}


def control(name, default=None):
    try:
        with open(os.path.join(FOLDER, "control.json")) as file:
            return json.load(file).get(name, default)
    except FileNotFoundError:
        return default


def log(**entry):
    with LOCK, open(os.path.join(FOLDER, "log"), "a") as file:
        file.write(json.dumps(entry) + "\n")


def issue(who, client, scope):
    lasts = control("expires_in", 3600)
    access, refresh = f"acc3ss-{secrets.token_hex(8)}", f"r3fresh-{secrets.token_hex(8)}"
    ACCESS[access] = {"who": who, "scope": scope, "until": time.time() + lasts}
    REFRESH[refresh] = {"who": who, "client": client, "scope": scope, "access": access}
    return {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": lasts,
            "scope": scope}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, value, status=200, headers=()):
        self.answer(status, [("Content-Type", "application/json"), *headers], json.dumps(value).encode())

    @property
    def base(self):
        return f"http://{self.headers['Host']}"

    def do_GET(self):
        url = urlsplit(self.path)
        log(path=url.path, method="GET")
        issuer = control("issuer") or self.base
        if url.path.startswith("/.well-known/oauth-protected-resource"):
            return self.json({"resource": f"{self.base}/mcp", "authorization_servers": [issuer]})
        if url.path.startswith("/.well-known/oauth-authorization-server"):
            metadata = {
                "issuer": self.base, "authorization_endpoint": control("authorize") or f"{self.base}/authorize",
                "token_endpoint": f"{self.base}/token", "revocation_endpoint": f"{self.base}/revoke",
                "registration_endpoint": f"{self.base}/register", "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": True}
            if control("no_registration"):
                del metadata["registration_endpoint"]
            return self.json(metadata)
        if url.path == "/authorize":
            return self.authorize(dict(parse_qsl(url.query)))
        self.answer(405)

    def authorize(self, asked):
        client = CLIENTS[asked["client_id"]]
        known = client["redirects"] is None or asked["redirect_uri"] in client["redirects"]
        if not known or asked["response_type"] != "code" or asked["code_challenge_method"] != "S256":
            return self.answer(400)
        back = {"state": asked["state"], "iss": control("iss") or self.base}
        if control("error"):
            back.update(error=control("error"), error_description=control("description", ""))
        else:
            code = f"k0de-{secrets.token_hex(8)}"
            CODES[code] = {**asked, "who": asked.get("login", "ada")}
            back["code"] = code
        self.answer(302, [("Location", f"{asked['redirect_uri']}?{urlencode(back)}")])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        log(path=self.path, method="POST", authorization=self.headers.get("Authorization"), body=body)
        with LOCK:
            if self.path == "/register":
                client = f"client-{secrets.token_hex(4)}"
                redirects = json.loads(body)["redirect_uris"]
                CLIENTS[client] = {"secret": None, "redirects": redirects}
                return self.json({"client_id": client, "redirect_uris": redirects}, 201)
            if self.path in ("/token", "/revoke"):
                return self.token(dict(parse_qsl(body)))
        if urlsplit(self.path).path == "/mcp":
            return self.mcp(json.loads(body))
        self.answer(404)

    def token(self, asked):
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            name, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
            asked = {**asked, "client_id": unquote(name), "client_secret": unquote(secret)}
        client = CLIENTS.get(asked.get("client_id"))
        if client is None or client["secret"] != asked.get("client_secret"):
            return self.json({"error": "invalid_client"}, 401)
        if self.path == "/revoke":
            given = REFRESH.pop(asked["token"], None)
            ACCESS.pop(given["access"] if given else asked["token"], None)
            return self.answer(200)
        if control("token_status"):
            return self.answer(control("token_status"))
        if asked.get("resource") != f"{self.base}/mcp":
            return self.json({"error": "invalid_target"}, 400)
        if asked["grant_type"] == "authorization_code":
            code = CODES.pop(asked["code"], None)
            digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (not code or code["code_challenge"] != challenge or code["redirect_uri"] != asked["redirect_uri"]
                    or code["client_id"] != asked["client_id"]):
                return self.json({"error": "invalid_grant"}, 400)
            return self.json(issue(code["who"], asked["client_id"], code.get("scope", "")))
        time.sleep(control("slow", 0))
        given = REFRESH.pop(asked["refresh_token"], None)
        if not given or given["client"] != asked["client_id"] or control("void"):
            return self.json({"error": "invalid_grant"}, 400)
        return self.json(issue(given["who"], given["client"], given["scope"]))

    def mcp(self, message):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        given = ACCESS.get(token)
        metadata = f'resource_metadata="{self.base}/.well-known/oauth-protected-resource/mcp"'
        if not given or given["until"] < time.time():
            return self.answer(401, [("WWW-Authenticate", f"Bearer {metadata}")])
        who, method = given["who"], message.get("method")
        session = self.headers.get("Mcp-Session-Id")
        if session and SESSIONS.get(session) != who:
            log(mixed=f"{SESSIONS.get(session)} {who}")
            return self.answer(404)
        if "id" not in message:
            return self.answer(202)
        headers = []
        if method == "initialize":
            session = secrets.token_hex(8)
            SESSIONS[session] = who
            headers = [("Mcp-Session-Id", session)]
            result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                      "serverInfo": {"name": "guarded", "version": "1"}}
        elif method == "tools/list":
            tools = ["whoami", "write", f"of_{who}"]
            result = {"tools": [{"name": name, "description": f"{name} for {who}",
                                 "inputSchema": {"type": "object"}} for name in tools]}
        elif method == "tools/call":
            if message["params"]["name"] == "write" and "write" not in given["scope"].split():
                challenge = f'Bearer error="insufficient_scope", scope="write", {metadata}'
                return self.answer(403, [("WWW-Authenticate", challenge)])
            text = json.dumps({"who": who, "arguments": message["params"].get("arguments")})
            result = {"content": [{"type": "text", "text": text}]}
        else:
            error = {"code": -32601, "message": "no such method"}
            return self.json({"jsonrpc": "2.0", "id": message["id"], "error": error})
        self.json({"jsonrpc": "2.0", "id": message["id"], "result": result}, 200, headers)

    def do_DELETE(self):
        self.answer(200)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
