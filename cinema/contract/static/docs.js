// Shows the contract in Swagger UI. Every address is built from where this page is, so that a proxy may put the
// application below any prefix. Nothing is remembered: a token is gone when the page is.

(async () => {
  "use strict";

  const place = document.getElementById("contract");
  const root = new URL(place.dataset.root, location.href);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", paint);
  paint();

  const say = (text) => {
    place.querySelector("p").textContent = text;
  };
  let contract;
  try {
    const answer = await fetch(new URL("openapi.json", root));
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const text = await answer.text();
    contract = JSON.parse(text.replaceAll("](/docs/", `](${root.pathname}docs/`));
  } catch (error) {
    say(`The contract cannot be read: ${error.message}`);
    return;
  }
  contract.servers = [{ url: root.href.replace(/\/$/, "") }];
  for (const operation of Object.values(contract.paths).flatMap(Object.values)) {
    operation.operationId = operation.operationId.replaceAll("_", "-"); // links to it: `_` would be read as a blank
  }

  SwaggerUIBundle({
    spec: contract,
    domNode: place,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    docExpansion: "none",
    filter: true,
    persistAuthorization: false,
    queryConfigEnabled: false,
    validatorUrl: null,
  });
})();
