/** Words that random values are made of, written for this purpose; nobody in particular is meant. */

const list = (words: string): readonly string[] => words.split(', ');

export const firstNames = list(
  'Ada, Alan, Amira, Anna, Ben, Carla, Chen, Daniel, Elena, Emil, Fatima, Grace, Hana, Hugo, Ines, Ivan, '
  + 'Jisoo, Jonas, Kofi, Lea, Leo, Lina, Marco, Maya, Mina, Nadia, Noah, Olga, Omar, Paul, Priya, Rosa, Samir, '
  + 'Sofia, Tara, Theo, Uma, Vera, Yuki, Zoe');
export const lastNames = list(
  'Adams, Almeida, Bauer, Becker, Carter, Costa, Dubois, Evans, Fischer, Garcia, Haddad, Ito, Jensen, Kim, '
  + 'Kowalski, Lange, Lee, Martin, Meyer, Moreau, Nakamura, Novak, Okafor, Olsen, Park, Patel, Perez, Petrov, '
  + 'Quinn, Rossi, Sato, Silva, Singh, Stone, Tanaka, Vogel, Walker, Weber, Young, Zhang');
export const titles = list('Mr., Ms., Mx., Dr., Prof.');
export const nameSuffixes = list('Jr., Sr., II, III, PhD, MD');
export const cities = list(
  'Ashford, Bellmont, Brookfield, Clearwater, Cedar Hill, Eastbridge, Fairhaven, Glenwood, Greenfield, '
  + 'Harborview, Highgate, Kingsport, Lakewood, Maple Grove, Millbrook, Northfield, Oakdale, Pine Valley, '
  + 'Riverton, Rosemont, Silver Springs, Stonebridge, Sunnyvale, Westbrook, Willow Creek');
export const streets = list(
  'Apple, Birch, Canal, Castle, Cedar, Church, Elm, Forest, Garden, Harbor, Hill, Lake, Linden, Maple, '
  + 'Market, Meadow, Mill, Oak, Park, Pine, River, School, Spring, Station, Sunset, Valley');
export const streetKinds = list('Street, Avenue, Road, Lane, Way, Court, Square, Drive');
export const states: readonly (readonly [name: string, abbreviation: string])[] = [
  ['Alaska', 'AK'], ['Arizona', 'AZ'], ['California', 'CA'], ['Colorado', 'CO'], ['Florida', 'FL'],
  ['Georgia', 'GA'], ['Hawaii', 'HI'], ['Illinois', 'IL'], ['Maine', 'ME'], ['Michigan', 'MI'], ['Nevada', 'NV'],
  ['New York', 'NY'], ['Ohio', 'OH'], ['Oregon', 'OR'], ['Texas', 'TX'], ['Utah', 'UT'], ['Vermont', 'VT'],
  ['Washington', 'WA'],
];
export const countries: readonly (readonly [name: string, code: string])[] = [
  ['Argentina', 'AR'], ['Australia', 'AU'], ['Austria', 'AT'], ['Brazil', 'BR'], ['Canada', 'CA'], ['Chile', 'CL'],
  ['Denmark', 'DK'], ['Egypt', 'EG'], ['France', 'FR'], ['Germany', 'DE'], ['Ghana', 'GH'], ['India', 'IN'],
  ['Indonesia', 'ID'], ['Italy', 'IT'], ['Japan', 'JP'], ['Kenya', 'KE'], ['Mexico', 'MX'], ['Nigeria', 'NG'],
  ['Norway', 'NO'], ['Poland', 'PL'], ['Portugal', 'PT'], ['South Africa', 'ZA'], ['South Korea', 'KR'],
  ['Spain', 'ES'], ['Sweden', 'SE'], ['Switzerland', 'CH'], ['Türkiye', 'TR'], ['Vietnam', 'VN'],
];
export const timeZones = list(
  'Africa/Nairobi, America/Chicago, America/New_York, America/Sao_Paulo, Asia/Seoul, Asia/Tokyo, '
  + 'Asia/Kolkata, Australia/Sydney, Europe/Berlin, Europe/London, Europe/Madrid, Pacific/Auckland');
export const companyWords = list(
  'Alpine, Amber, Atlas, Aurora, Beacon, Blue Harbor, Bright, Cobalt, Copper, Evergreen, Falcon, Granite, '
  + 'Horizon, Juniper, Lantern, Meridian, Nimbus, Northwind, Orchard, Pioneer, Quartz, Redwood, Summit, Tidal, '
  + 'Vertex, Zephyr');
export const companySuffixes = list('Inc, Ltd, LLC, Group, GmbH, and Sons, Partners');
export const industries = list(
  'Agriculture, Automotive, Banking, Construction, Education, Energy, Food Production, Health Care, '
  + 'Insurance, Logistics, Media, Pharmaceuticals, Publishing, Retail, Software, Telecommunications, Tourism');
export const phrases: Readonly<Record<'how' | 'what' | 'verb', readonly string[]>> = {
  how: list(
    'adaptive, balanced, distributed, friendly, modular, open, reliable, scalable, seamless, shared, simple'),
  what: list(
    'archive, collaboration, forecast, framework, interface, network, pipeline, platform, service, workflow'),
  verb: list('connect, deliver, enable, extend, monitor, optimize, simplify, streamline, unify'),
};
export const jobs: Readonly<Record<'level' | 'field' | 'role', readonly string[]>> = {
  level: list('Junior, Senior, Lead, Principal, Associate, Chief'),
  field: list(
    'Accounting, Community, Data, Design, Legal, Marketing, Operations, Product, Research, Sales, Security'),
  role: list(
    'Analyst, Architect, Consultant, Coordinator, Engineer, Manager, Officer, Planner, Specialist, Technician'),
};
export const skills = list(
  'Communication, Leadership, Negotiation, Organisation, Planning, Problem solving, Teamwork');
export const loremWords = list(
  'lorem, ipsum, dolor, sit, amet, consectetur, adipiscing, elit, sed, do, eiusmod, tempor, incididunt, ut, '
  + 'labore, et, dolore, magna, aliqua, enim, ad, minim, veniam, quis, nostrud, exercitation, ullamco, laboris,'
  + ' nisi, aliquip, ex, ea, commodo, consequat, duis, aute, irure, in, reprehenderit, voluptate, velit, esse, '
  + 'cillum, fugiat, nulla, pariatur');
export const colors = list(
  'amber, azure, beige, black, blue, brown, coral, crimson, cyan, gold, gray, green, indigo, ivory, lavender,'
  + ' lime, magenta, maroon, navy, olive, orange, pink, plum, purple, red, salmon, silver, tan, teal, '
  + 'turquoise, violet, white, yellow');
export const materials = list(
  'Bamboo, Ceramic, Concrete, Cotton, Glass, Granite, Leather, Linen, Paper, Steel, Wooden, Wool');
export const products = list(
  'Backpack, Bench, Bottle, Bowl, Chair, Clock, Coat, Cup, Desk, Gloves, Hat, Keyboard, Knife, Lamp, Plate, '
  + 'Shelf, Shirt, Shoes, Table, Wallet, Watch');
export const departments = list(
  'Baby, Beauty, Books, Clothing, Electronics, Games, Garden, Grocery, Health, Home, Music, Outdoors, Sports,'
  + ' Tools, Toys');
export const productQualities = list(
  'Compact, Durable, Elegant, Handmade, Lightweight, Practical, Refined, Rustic, Sleek, Small, Sturdy');
export const fileExtensions: readonly (readonly [extension: string, mediaType: string])[] = [
  ['csv', 'text/csv'], ['gif', 'image/gif'], ['html', 'text/html'], ['jpg', 'image/jpeg'], ['json', 'application/json'],
  ['mp3', 'audio/mpeg'], ['mp4', 'video/mp4'], ['pdf', 'application/pdf'], ['png', 'image/png'], ['txt', 'text/plain'],
  ['xml', 'application/xml'], ['zip', 'application/zip'],
];
export const currencies: readonly (readonly [name: string, code: string])[] = [
  ['Australian dollar', 'AUD'], ['Brazilian real', 'BRL'], ['Canadian dollar', 'CAD'], ['Euro', 'EUR'],
  ['Indian rupee', 'INR'], ['Japanese yen', 'JPY'], ['Pound sterling', 'GBP'], ['South Korean won', 'KRW'],
  ['Swiss franc', 'CHF'], ['US dollar', 'USD'],
];
export const animals = list(
  'badger, bear, beaver, crane, deer, dolphin, eagle, fox, hare, heron, lynx, otter, owl, seal, swan, turtle,'
  + ' whale, wolf');
export const userAgents = list(
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0, Mozilla/5.0 (Windows NT 10.0; '
  + 'Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0');
