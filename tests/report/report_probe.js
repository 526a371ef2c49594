// Appended to a page by report_browser_test.sh: uses it like a reader and writes down what it sees.
(() => {
  const count = selector => document.querySelectorAll(selector).length;
  const lineCount = text => {
    const range = document.createRange();
    range.selectNode(text);
    return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size;
  };
  const seen = {
    title: document.title,
    charts: count('#curves .chart'),
    lines: count('#curves .line'),
    plotLines: count('#plots .line'),
    plotNames: count('#plots .names li'),
    plotGuides: count('#plots .guide'),
    clouds: count('#plots .cloud'),
    drawn: [...document.querySelectorAll('#curves .line')]
      .filter(p => p.getAttribute('d').includes('L')).length,
    bands: count('#curves .band'),
    marks: count('#curves .mark'),
    normLines: count('#norms .line'),
    matrixCells: count('#confusion td'),
    classRows: count('#classes tbody tr'),
    pictures: count('.pictures canvas'),
    weights: count('.weights canvas'),
    layerRows: count('#layers tbody tr'),
    timeRows: count('#time tbody tr'),
    environmentRows: count('#environment tr'),
    configs: count('#config'),
    printedRows: count('#printed tbody tr'),
    strips: count('#strips .strip'),
    stripRuns: [...document.querySelectorAll('#strips .runs')]
      .map(p => p.getAttribute('d').split('M').length - 1).join(' '),
    verdicts: count('.verdict'),
    mistakes: count('.power tbody tr'),
    groupRows: count('#groups tbody tr'),
    runRows: count('#runs tbody tr'),
    epochRows: count('#epochs tbody tr'),
    menuRows: count('#choose option'),
    standouts: count('#standouts li'),
    seriousFirst: document.querySelector('#standouts li')?.className ?? '',
    tries: count('#standouts code'),
    points: count('#function .point'),
    scaleLines: count('#scales .line'),
    keyCharts: count('#keys .chart'),
    outcomes: count('#keys .outcome'),
    unfinished: count('#keys .outcome.unfinished'),
    failures: count('#keys .failure'),
    settingLines: count('#keys .setting'),
    places: count('#keys .place'),
    shares: count('#importance tbody tr'),
    badNumbers: [...document.querySelectorAll('#parts svg, #parts svg *')].filter(node =>
      [...node.attributes].some(a => /NaN|undefined|Infinity/.test(a.value))).length,
    unnamed: [...document.querySelectorAll('#parts figure.chart > svg')]
      .filter(plot => !plot.getAttribute('aria-label')).length,
    tools: count('#parts figure.chart .tools') - count('#parts figure.chart'),
    copies: count('.table-tools') - count('.scroll'),
    cutNotes: count('.scroll.cut + .table-tools .cut-note:not([hidden])'),
    brokenTiles: [...document.querySelectorAll('.tiles dd:not(.words)')].filter(dd =>
      dd.scrollWidth > dd.clientWidth || dd.firstChild && lineCount(dd.firstChild) > 1).length,
    injected: count('b#injected') + (window.injected ? 1 : 0),
    wide: document.documentElement.scrollWidth > window.innerWidth,
  };
  const named = (selector, text) =>
    [...document.querySelectorAll(selector)].find(b => b.textContent === text);

  const chart = document.querySelector('#curves .chart');
  if (chart) {
    const ticks = () => [...chart.querySelectorAll('svg text')].map(t => t.textContent).join(' ');
    const before = ticks();
    chart.querySelector('button').click();
    seen.logScaleChanges = ticks() !== before;

    const plot = chart.querySelector('svg');
    const box = plot.getBoundingClientRect();
    plot.dispatchEvent(
      new PointerEvent('pointermove', {clientX: box.right - 15, clientY: box.top}));
    seen.tip = chart.querySelector('.tip').textContent;
    seen.crosses = count('#curves .cross');
    plot.dispatchEvent(new KeyboardEvent('keydown', {key: 'Home'}));
    seen.firstTip = chart.querySelector('.tip b').textContent;
    plot.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
    seen.crossesLeft = count('#curves .cross');

    const lines = count('#curves .line');
    named('.toggle', 'train').click();
    seen.linesWithoutTrain = count('#curves .line') - lines;
    named('.toggle', 'every run')?.click();
    seen.runLines = count('#curves .run');
  }
  const heads = document.querySelectorAll('#groups th button, #epochs th button');
  if (heads.length) {
    const order = () => [...document.querySelectorAll('#groups tbody th, #epochs tbody th')]
      .map(th => th.textContent).join(' | ');
    seen.order = order();
    named('#groups th button, #epochs th button', 'test accuracy')?.click();
    seen.orderBest = order();
    named('#groups th button, #epochs th button', 'test accuracy')?.click();
    seen.orderWorst = order();
  }
  const picture = document.querySelector('.pictures canvas');
  if (picture) {
    seen.pixels = [...picture.getContext('2d').getImageData(0, 14, 28, 1).data]
      .filter((_, i) => i % 4 === 0);
  }
  const slider = document.querySelector('#function input');
  if (slider) {
    const shown = () => document.querySelector('#function image, #function .line').outerHTML;
    const before = shown();
    slider.value = 0;
    slider.dispatchEvent(new Event('input'));
    seen.epochChosen = document.querySelector('#function output').textContent;
    seen.sliderChanges = shown() !== before;
  }
  const layers = document.getElementById('layers');
  if (layers) {
    seen.markdown = tableMarkdown(layers);
    seen.latex = tableLatex(layers);
  }
  const figures = [...document.querySelectorAll('#parts figure.chart')];
  const saved = figures.map(figure =>
    new DOMParser().parseFromString(chartSvg(figure), 'image/svg+xml'));
  seen.saved = saved.length - figures.length;
  seen.savedBadly = saved.filter(doc => doc.querySelector('parsererror') ||
    doc.documentElement.outerHTML.includes('var(') || !doc.querySelector('svg svg text')).length;
  if (figures.length) {
    chartPng(figures[figures.length - 1]).then(href =>
      document.body.append(Object.assign(document.createElement('pre'),
        {id: 'png', textContent: href.slice(0, 60)})));
  }
  const choose = (id, value) => {
    const select = document.getElementById(id);
    select.value = value;
    select.dispatchEvent(new Event('change'));
  };
  if (document.getElementById('metric')) {
    choose('metric', 'train_loss');
    seen.titles = [...document.querySelectorAll('#keys h3')].map(h => h.textContent).join(' | ');
    choose('across', 2);
    choose('up', 1);
    seen.cells = count('#keys .cell');
    choose('colours', '2');
    seen.byWord = [...document.querySelectorAll('[aria-label="What the curves show"] .toggle')]
      .map(b => b.textContent).slice(0, 2).join(' | ');
    choose('colours', '');
    seen.bySetting = count('[aria-label="What the curves show"] .toggle');
    named('.toggle', 'by time').click();
    seen.byTime = document.querySelector('#keys').textContent.includes('minutes since');
    seen.controlsAgain = count('#keys figure.chart .tools') - count('#keys figure.chart');
  }
  const menu = document.getElementById('choose');
  if (menu) {
    menu.selectedIndex = 1;
    menu.dispatchEvent(new Event('change'));
    seen.partsOfSecond = count('#run section');
  }
  seen.errors = document.getElementById('errors').textContent;
  seen.ready = document.documentElement.dataset.ready;
  document.body.append(Object.assign(document.createElement('pre'),
    {id: 'seen', textContent: JSON.stringify(seen)}));
})();
