// The preview in the browser: hears of builds, keeps the page current, and shows the overlay, the panel and the banner.
// Runs under the published Content-Security-Policy: no inline code, no markup from text (require-trusted-types-for 'script').
import { loadDocument, show } from './follow.js';
import { Interface } from './interface.js';

const own = document.querySelector('script[data-preview]');
const ui = new Interface(own.dataset.banner);
let version = own.dataset.version;
let events = null;
let following = Promise.resolve();

function connect() {
  if (events || document.visibilityState === 'hidden') return;
  const query = new URLSearchParams({ page: location.pathname, version });
  events = new EventSource(`/__preview/events?${query}`);
  events.addEventListener('changed', (event) => follow(JSON.parse(event.data)));
  events.addEventListener('mistakes', (event) => ui.showMistakes(JSON.parse(event.data)));
  events.addEventListener('status', (event) => ui.showStatus(JSON.parse(event.data)));
  events.addEventListener('error', () => ui.showStatus('away'));
}

// A browser opens six connections to one host; pages that nobody sees give theirs back and ask for news when they are seen.
function disconnect() {
  events?.close();
  events = null;
}

function follow(next) {
  following = following.then(async () => {
    if (next === version) return;
    const { page, address } = await loadDocument(location.href);
    const script = page.querySelector('script[data-preview]');
    if (new URL(address).pathname !== location.pathname) location.replace(address); // the page has moved
    else if (!script || !(await show(page))) location.reload(); // the browser finds the reading position again
    else {
      version = script.dataset.version;
      ui.showBanner(script.dataset.banner);
    }
  }).catch(() => ui.showStatus('away'));
}

document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? disconnect() : connect()));
addEventListener('pagehide', disconnect);
addEventListener('pageshow', connect);
connect();
