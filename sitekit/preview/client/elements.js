// Making elements without markup in strings.

/** An element with properties, attributes (names that begin with "aria-", "data-" or are in `attributes`) and children. */
export function make(name, { attributes = {}, ...properties } = {}, ...children) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

/** A link into the editor, or plain text where there is nothing to open. */
export function editorLink(place, label = place.line ? `${place.path}:${place.line}:${place.column}` : place.path) {
  if (!place.editor) return make('span', { className: 'place' }, label);
  return make('a', { className: 'place', href: place.editor, title: 'Open in the editor' }, label);
}

/** A count with its noun. */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
