#!/usr/bin/env python3
"""A server that speaks the part of Vault's API that Assay uses, over HTTP or TLS, and can be told to misbehave.

vault_server.py [CERTIFICATE KEY]: listens on a free port of 127.0.0.1 and prints it. Then each line of standard input is
a command as JSON, answered by a line of JSON; it ends with standard input. Paths and answers follow the documented API:
https://developer.hashicorp.com/vault/api-docs (auth/approle, auth/token, secret/kv/kv-v2).
"""

import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.secrets = {}  # "secret/data/crm": list of versions: a dict, or "deleted", or "destroyed"
        self.tokens = {}  # text: {"ends_at", "ttl", "renewable", "prefix", "look"}
        self.roles = {}  # role ID: {"secret_id", "ttl", "prefix", "renewable", "token"}
        self.sealed = False
        self.forced = None  # {"status", "location", "body", "repeat"} instead of any other answer
        self.silent = False  # takes requests and does not answer
        self.shift_s = 0
        self.made = 0
        self.requests = []
        self.seen = []  # token and namespace of each request
        self.ended = threading.Event()

    def now(self):
        return time.monotonic() + self.shift_s

    def add_token(self, text, ttl, renewable=True, prefix="", look=True):
        ends_at = self.now() + ttl if ttl else None
        self.tokens[text] = {"ends_at": ends_at, "ttl": ttl, "renewable": renewable, "prefix": prefix, "look": look}

    def token(self, text):
        token = self.tokens.get(text)
        if token is None or (token["ends_at"] is not None and self.now() >= token["ends_at"]):
            return None
        return token


STATE = State()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def refuse(self, status, *errors):
        self.answer(status, {"errors": list(errors)})

    def do_GET(self):
        self.serve(None)

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.serve(json.loads(text or b"{}"))

    def serve(self, body):
        with STATE.lock:
            STATE.requests.append(f"{self.command} {self.path}")
            STATE.seen.append([self.headers.get("X-Vault-Token", ""), self.headers.get("X-Vault-Namespace", "")])
            forced, silent = STATE.forced, STATE.silent
        if silent:
            STATE.ended.wait()
            return
        if forced:
            location = [("Location", forced["location"])] if "location" in forced else []
            self.answer(forced["status"], forced.get("body", "").encode() * forced.get("repeat", 1), location)
            return
        with STATE.lock:
            self.route(body)

    def route(self, body):
        path, _, query = self.path.removeprefix("/v1/").partition("?")
        if STATE.sealed:
            self.refuse(503, "Vault is sealed")
        elif body is not None and path.startswith("auth/") and path.endswith("/login"):
            self.log_in(path, body)
        else:
            text = self.headers.get("X-Vault-Token", "")
            token = STATE.token(text)
            if token is None:
                self.refuse(403, "permission denied")
            elif path == "auth/token/lookup-self":
                self.look_up(token)
            elif path == "auth/token/renew-self":
                self.renew(text, token)
            elif not path.startswith(token["prefix"]):
                self.refuse(403, "1 error occurred:\n\t* permission denied\n\n")
            else:
                self.read(path, query)

    def log_in(self, path, body):
        if path != "auth/approle/login":
            self.refuse(404, "no handler for route")
            return
        role = STATE.roles.get(body.get("role_id"))
        if role is None or role["secret_id"] != body.get("secret_id"):
            self.refuse(400, "invalid role or secret ID")
            return
        STATE.made += 1
        text = f"{role['token']}{STATE.made}"
        STATE.add_token(text, role["ttl"], role["renewable"], role["prefix"])
        auth = {"client_token": text, "lease_duration": role["ttl"], "renewable": role["renewable"]}
        self.answer(200, {"auth": auth})

    def look_up(self, token):
        if not token["look"]:
            self.refuse(403, "permission denied")
            return
        left = int(token["ends_at"] - STATE.now()) if token["ends_at"] is not None else 0
        self.answer(200, {"data": {"ttl": left, "renewable": token["renewable"]}})

    def renew(self, text, token):
        if not token["renewable"]:
            self.refuse(400, "lease is not renewable")
            return
        token["ends_at"] = STATE.now() + token["ttl"]
        self.answer(200, {"auth": {"client_token": text, "lease_duration": token["ttl"], "renewable": True}})

    def read(self, path, query):
        versions = STATE.secrets.get(path)
        if not versions:
            self.refuse(404)
            return
        number = int(query.removeprefix("version=")) if query else len(versions)
        if not 1 <= number <= len(versions):
            self.refuse(404)
            return
        value = versions[number - 1]
        metadata = {"version": number, "created_time": "2026-01-01T00:00:00Z", "deletion_time": "", "destroyed": False}
        if isinstance(value, str):
            metadata["destroyed"] = value == "destroyed"
            metadata["deletion_time"] = "2026-01-02T00:00:00Z" if value == "deleted" else ""
            self.answer(404, {"data": {"data": None, "metadata": metadata}})
            return
        self.answer(200, {"data": {"data": value, "metadata": metadata}})


def obey(command):
    do = command.pop("do")
    with STATE.lock:
        if do == "secret":
            STATE.secrets.setdefault(command["path"], []).append(command["data"])
        elif do == "token":
            STATE.add_token(command.pop("text"), **command)
        elif do == "revoke":
            STATE.tokens.clear()
        elif do == "role":
            usual = {"ttl": 3600, "prefix": "", "renewable": True, "token": "hvs.of-role-"}
            STATE.roles[command["role_id"]] = {**usual, **command}
        elif do == "set":
            for name, value in command.items():
                setattr(STATE, name, value)
        elif do == "advance":
            STATE.shift_s += command["s"]
        elif do == "requests":
            return {"requests": STATE.requests, "seen": STATE.seen}
    return {}


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        print(json.dumps(obey(json.loads(line))), flush=True)
    STATE.ended.set()


if __name__ == "__main__":
    main()
