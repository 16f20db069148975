/** A word of a spaced script, with any ending. */
const starts = (...words: readonly string[]) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})`, 'iu');

/** How people ask what something costs, by language. Broad on purpose: who switched this on would rather hand over once too often. */
const asking: readonly RegExp[] = [
  // English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Russian
  starts('pric(?:e|es|ed|ing|ey)(?!\\p{L})', 'costs?(?!\\p{L})', 'discount', 'fees?(?!\\p{L})', 'cheap', 'expensive', 'how much (?:is|are|does|do|for|would|will|to)(?!\\p{L})', 'rebate'),
  starts('preis', 'kostet', 'kosten(?!los)', 'rabatt', 'gebühr', 'billig', 'teuer', 'tarif'),
  starts('prix', 'coût', 'coute', 'combien (?:ça|ca|cela|pour|est)', 'remise', 'rabais'),
  starts('precio', 'cuesta', 'cuánto (?:vale|es|sale|cobr)', 'cuanto (?:vale|es|sale|cobr)', 'descuento', 'coste(?!\\p{L})', 'costo(?!\\p{L})', 'tarifa'),
  starts('preço', 'preco', 'custa(?:m|va|ria)?(?!\\p{L})', 'custo(?!\\p{L})', 'desconto'),
  starts('prezz', 'quanto cost', 'sconto', 'tariff'),
  starts('prijs', 'prijz', 'korting', 'tarieven'),
  starts('(?:jaka|jaką|jakie|w jakiej) cen', 'kosztuj', 'koszt(?!\\p{L})', 'zniżk'),
  starts('fiyat', 'ücret', 'ne kadar tut', 'kaç para', 'indirim'),
  starts('цен[аыуе](?!\\p{L})', 'сколько (?:\\p{L}+ )?сто', 'стоимост', 'скидк', 'расценк'),
  // Scripts whose words carry their articles, or that write none between them
  /سعر|أسعار|اسعار|تكلفة|تكلف|كم ثمن|بكم هذ|خصم/u, /कीमत|क़ीमत|(?<![\p{L}\p{M}])दाम|मूल्य(?!ा)|छूट|कितने का|कितने की/u,
  /价格|價格|多少钱|多少錢|价钱|价位|报价|折扣|收费|费用/u, /値段|価格|いくら|料金|割引|費用/u, /가격|얼마(?!나)|요금|비용|할인/u,
];

const CURRENCY_SIGNS = '[$€£¥₹₽₩₺₴₪฿]';
const CURRENCY_WORDS = '(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AED|SAR|BRL|MXN|CAD|AUD|PLN|TRY|RUB|dollars?|euros?|pounds?|cents?|dólares|reais|рубл\\p{L}*|руб|złot\\p{L}*|zł|lira|دولار|يورو|ريال|درهم|रुपये|रुपए|元|人民币|円|원)';
/** `$49`, `49 €`, `USD 49`, `49,90 euros`. */
const amount = new RegExp(`${CURRENCY_SIGNS}\\s?\\p{N}|(?<!\\p{L})(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AED|SAR)\\s?\\p{N}|\\p{N}\\s?(?:${CURRENCY_SIGNS}|${CURRENCY_WORDS}(?!\\p{L}))`, 'iu');

/** Whether somebody asks what something costs. Knows the ways of fifteen languages; other ways of asking pass. */
export const asksForPrice = (text: string): boolean => asking.some((way) => way.test(text));

/** Whether a text states an amount of money. */
export const statesPrice = (text: string): boolean => amount.test(text);
