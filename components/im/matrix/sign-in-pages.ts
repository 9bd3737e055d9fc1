/**
 * Pages that a person sees whom Synapse does not let in, in place of its own: those speak of registering, of passwords, and
 * of e-mails that this environment does not have. They say what has happened and what to do.
 * @source https://element-hq.github.io/synapse/latest/templates.html
 */
export function signInPages({ domain, webUrl }: { readonly domain: string; readonly webUrl: string }) {
  const again = `<p><a href="${webUrl}/">Begin again</a></p>`;
  return {
    "sso_account_deactivated.html": page(
      `<h1>Your account is shut</h1>
<p>You have signed in, but your account at ${domain} has been shut. If you work here again, ask those who look after
accounts to open it.</p>`,
    ),
    "sso_error.html": page(
      `{% if error == "unauthorised" %}
<h1>You may not use this chat</h1>
<p>Your name and password are right, but your account is in none of the groups that may use ${domain}. Ask those who look
after accounts to add you.</p>
{% elif error == "access_denied" %}
<h1>You are not signed in</h1>
<p>The sign-in was cancelled, or your account is in none of the groups that may use ${domain}.</p>
${again}
{% elif error in ("provider_unavailable", "fetch_error", "temporarily_unavailable", "server_error") %}
<h1>Nobody can sign in at the moment</h1>
<p>Whoever is signed in already can go on. Wait a minute and try again; if that does not help, tell those who look after
the chat.</p>
${again}
{% elif error in ("missing_session", "invalid_session", "mismatching_session", "bad_session") %}
<h1>This sign-in is over</h1>
<p>It took too long, was begun in another window, or the browser keeps no cookies.</p>
${again}
{% else %}
<h1>The sign-in has failed</h1>
<p>Try again. If it fails again, tell those who look after the chat: <code>{{ error }}: {{ error_description }}</code></p>
${again}
{% endif %}`,
    ),
  };
}

/** It loads nothing, so that it is shown even when all else has failed. */
function page(content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in</title>
<style>body { font: 1.1rem/1.5 sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem } code { overflow-wrap: anywhere }</style>
</head>
<body>
${content}
</body>
</html>
`;
}
