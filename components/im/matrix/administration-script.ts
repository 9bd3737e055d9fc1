/**
 * One call of the administration API by the break-glass administrator, from within Synapse's container: it signs in, calls,
 * and signs out, so that no token is left. The password comes by the standard input, the body of the call after it.
 * @source https://element-hq.github.io/synapse/latest/usage/administration/admin_api/index.html
 */
export const administrationScript = `import http.client, json, ssl, sys, urllib.parse

url, authority, user, method, path = sys.argv[1:]
password, _, body = sys.stdin.read().partition("\\n")
place = urllib.parse.urlsplit(url)
context = ssl.create_default_context(cafile=authority)


def call(method, path, body=None, token=None):
    connection = http.client.HTTPSConnection(place.hostname, place.port, timeout=60, context=context)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password,
         "initial_device_display_name": "break-glass"}
status, answer = call("POST", "/_matrix/client/v3/login", json.dumps(login))
if status != 200:
    sys.exit("%s cannot sign in: %s" % (user, answer))
token = json.loads(answer)["access_token"]
try:
    status, answer = call(method, path, body or None, token)
finally:
    call("POST", "/_matrix/client/v3/logout", "{}", token)
print(answer)
if status >= 400:
    sys.exit("%s %s: %d" % (method, path, status))
`;
