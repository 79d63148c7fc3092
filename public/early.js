// Sets theme and language before the first paint, so that nothing flashes. The page itself repeats this with all its rules.
(function () {
  var query = new URLSearchParams(location.search);
  var saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('kubarium.settings') || '{}') || {};
  } catch (error) {
    saved = {};
  }
  var theme = query.get('theme') || saved.theme || 'system';
  if (theme !== 'light' && theme !== 'dark' && theme !== 'projector')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  var lang = query.get('lang') || saved.lang || navigator.language || 'en';
  document.documentElement.dataset.theme = theme;
  document.documentElement.lang = /^ko\b/.test(lang) ? 'ko' : 'en';
})();
