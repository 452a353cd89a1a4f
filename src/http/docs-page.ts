/**
 * The page for people that shows the OpenAPI document: swagger-ui, and what starts it. Its links have no slash at their
 * beginning, so they also lead here through a gateway that takes a prefix off the path.
 */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>certification-cron: the API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <script src="docs/swagger-ui-bundle.js" defer></script>
    <script src="docs/page.js" defer></script>
  </head>
  <body>
    <main id="api">
      <p>The API is shown here by JavaScript. For programs it is in <a href="openapi.json">openapi.json</a>.</p>
    </main>
  </body>
</html>
`;

/** As swagger-ui has them (docs/usage/configuration.md there). What the address of the page says changes none of them. */
const OPTIONS = {
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  // A credential is forgotten with the page.
  persistAuthorization: false,
  // It would show the document to a server elsewhere.
  validatorUrl: null,
};

/** A script of its own: the page allows none inside of it. swagger-ui has a dark form, and leaves it to the page to choose. */
export const DOCS_SCRIPT = `const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();
SwaggerUIBundle(${JSON.stringify(OPTIONS, null, 2)});
`;
