/**
 * Makes an account by Synapse's registration secret, or gives an existing one a password: the one way to add people
 * while registration is off and nobody has an administrator's token. It runs in Synapse's image, which has Python and
 * nothing else, and reads the password from its standard input or a file.
 *
 * An existing account is changed by an administrator that exists only meanwhile: the password of no other account is
 * needed, so that a lost one can be replaced.
 * @source https://element-hq.github.io/synapse/latest/admin_api/register_api.html
 * @source https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html
 */
export const accountScript = `import argparse, hashlib, hmac, http.client, json, secrets, ssl, sys, time
import urllib.error, urllib.parse, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("localpart")
parser.add_argument("--url", required=True)
parser.add_argument("--authority", required=True, help="file with the certificate that verifies the server")
parser.add_argument("--secret", required=True, help="file with the registration secret")
parser.add_argument("--password", help="file with the password; the standard input when left out")
parser.add_argument("--admin", action="store_true")
parser.add_argument("--existing", choices=["refuse", "reset", "keep"], default="refuse",
                    help="what to do when there is such an account: keep changes it only if the password is another")
parser.add_argument("--wait", type=float, default=10, help="seconds to wait for the server")
options = parser.parse_args()

deadline = time.monotonic() + options.wait
context = ssl.create_default_context(cafile=options.authority)


def read(path):
    with open(path) as file:
        return file.read().strip()


def call(method, path, body=None, token=None):
    """Status and answer. A server that is not there, restarts, or asks for patience is asked again."""
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    while True:
        request = urllib.request.Request(options.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504) or time.monotonic() > deadline:
                return error.code, answer(error)
            pause = 5 if error.code == 429 else 1
        except (OSError, http.client.HTTPException) as error:
            if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
                sys.exit("The certificate of %s cannot be verified: %s" % (options.url, error))
            if time.monotonic() > deadline:
                sys.exit("%s did not answer within %d s: %s" % (options.url, options.wait, error))
            pause = 1
        time.sleep(pause)


def answer(error):
    try:
        return json.load(error)
    except ValueError:
        return {"error": error.reason}


def register(localpart, password, admin, token):
    _, body = call("GET", "/_synapse/admin/v1/register")
    if "nonce" not in body:
        fail("register accounts", body)
    parts = [body["nonce"], localpart, password, "admin" if admin else "notadmin"]
    mac = hmac.new(read(options.secret).encode(), "\\0".join(parts).encode(), hashlib.sha1).hexdigest()
    return call("POST", "/_synapse/admin/v1/register", {
        "nonce": body["nonce"], "username": localpart, "password": password, "admin": admin,
        "mac": mac, "inhibit_login": not token,
    })


def fail(what, body):
    sys.exit("Synapse refused to %s: %s" % (what, body.get("error", body)))


def quoted(user):
    return urllib.parse.quote(user, safe="")


def is_as_asked(localpart, password):
    """Whether one can sign in with the password, and is an administrator if that is asked."""
    login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": localpart}, "password": password}
    status, body = call("POST", "/_matrix/client/v3/login", login)
    if status != 200:
        return False
    token = body["access_token"]
    status, rights = call("GET", "/_synapse/admin/v1/users/%s/admin" % quoted(body["user_id"]), token=token)
    call("POST", "/_matrix/client/v3/logout", {}, token)
    return not options.admin or (status == 200 and rights["admin"])


def change(localpart, password):
    name = "roost-" + secrets.token_hex(8)
    status, admin = register(name, secrets.token_urlsafe(32), True, token=True)
    if status != 200:
        fail("make an administrator for the change", admin)
    token = admin["access_token"]
    try:
        user = "@%s:%s" % (localpart, admin["user_id"].partition(":")[2])
        wanted = {"password": password, "logout_devices": True, "deactivated": False, "locked": False}
        if options.admin:
            wanted["admin"] = True
        status, body = call("PUT", "/_synapse/admin/v2/users/" + quoted(user), wanted, token)
        if status not in (200, 201):
            fail("change " + user, body)
    finally:
        call("POST", "/_synapse/admin/v1/deactivate/" + quoted(admin["user_id"]), {"erase": True}, token)
    return user


password = read(options.password) if options.password else sys.stdin.read().strip()
status, body = register(options.localpart, password, options.admin, token=False)
if status == 200:
    print(json.dumps({"user": body["user_id"], "result": "made"}))
elif body.get("errcode") != "M_USER_IN_USE":
    fail("make " + options.localpart, body)
elif options.existing == "refuse":
    sys.exit("There is an account %s already" % options.localpart)
elif options.existing == "keep" and is_as_asked(options.localpart, password):
    print(json.dumps({"user": options.localpart, "result": "unchanged"}))
else:
    print(json.dumps({"user": change(options.localpart, password), "result": "changed"}))
`;
