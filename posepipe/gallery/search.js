// What a search asks for: words, phrases in quotes, and words that must not occur. query.py does the same.

/** Normalise text for search: without case, one space between words. */
function fold(text) {
  return text.normalize("NFKC").toUpperCase().toLowerCase().replace(/\s+/gu, " ");
}

/** A function that tells whether a folded text has all wanted terms and no unwanted one. */
function matcher(search) {
  const [wanted, unwanted] = [[], []];
  const terms = fold(search.replace(/[“”„‟«»]/gu, '"')).matchAll(/(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/gu);
  for (const [, minus, phrase, word] of terms) {
    const term = phrase?.trim() || word;
    if (term && (minus || term !== "-")) (minus ? unwanted : wanted).push(term);
  }
  return (text) => wanted.every((term) => text.includes(term)) && !unwanted.some((term) => text.includes(term));
}
