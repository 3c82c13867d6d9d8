// Names by country. Phone numbers are from ranges reserved for fiction, where a country has them; `#` stands for a digit.

export interface Country {
  readonly code: string;
  /** How many customers live there, relative to the others. */
  readonly share: number;
  readonly phone: string;
  readonly cities: readonly string[];
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** The family name is written first, without a space. */
  readonly familyFirst?: true;
}

const words = (text: string): readonly string[] => text.split(/,\s*/);

export const countries: readonly Country[] = [
  {
    code: 'DE',
    share: 8,
    phone: '+49 30 23125 ###',
    cities: words('Hamburg, Berlin, München, Köln, Leipzig, Nürnberg, Göttingen, Saarbrücken, Münster'),
    first: words(
      'Anna, Jürgen, Lena, Björn, Sabine, Jörg, Käthe, Moritz, Heike, Torben, Zeynep, Emre, Annika, Götz, Paula',
    ),
    last: words(
      'Müller, Schäfer, Weiß, Krüger, Yılmaz, Hoffmann, Böhm, Lindemann, Groß, Petersen, Vogel, Nowak, Özdemir, Kühn',
    ),
  },
  {
    code: 'AT',
    share: 3,
    phone: '+43 1 555 ####',
    cities: words('Wien, Graz, Linz, Salzburg, Dornbirn'),
    first: words('Johanna, Lukas, Valentina, Matthäus, Theresa, Florian, Ines'),
    last: words('Gruber, Pichler, Mühlbacher, Steiner, Hölzl, Eder, Wallner'),
  },
  {
    code: 'CH',
    share: 3,
    phone: '+41 44 555 ## ##',
    cities: words('Zürich, Bern, Genève, Basel, Lugano'),
    first: words('Reto, Céline, Urs, Aurélie, Beat, Noemi, Luca'),
    last: words('Zürcher, Ammann, Favre, Bühler, Rossetti, Rüegg, Dubois'),
  },
  {
    code: 'FR',
    share: 5,
    phone: '+33 1 99 00 ## ##',
    cities: words("Lyon, Paris, Nîmes, Bordeaux, Saint-Étienne, L'Haÿ-les-Roses"),
    first: words('Chloé, Zoé, François, Hélène, Jérôme, Anaïs, Théo, Inès, Rémy, Fatou'),
    last: words("Lefèvre, D'Aubigné, Moreau, Bélanger, N'Diaye, Garçon, Rousseau, Faure, Müntz"),
  },
  {
    code: 'GB',
    share: 4,
    phone: '+44 20 7946 0###',
    cities: words('London, Leeds, Bristol, Edinburgh, Stoke-on-Trent'),
    first: words("Siobhán, Oliver, Priya, Graham, Aoife, Callum, Imogen, Tariq, D'Arcy"),
    last: words("O'Brien, Smith, Patel, MacLeod, Fitz-Gerald, Hughes, O'Sullivan, Okafor"),
  },
  {
    code: 'PL',
    share: 3,
    phone: '+48 22 555 ## ##',
    cities: words('Gdańsk, Łódź, Kraków, Wrocław, Poznań'),
    first: words('Łukasz, Małgorzata, Zofia, Paweł, Agnieszka, Stanisław, Róża'),
    last: words('Wójcik, Kowalczyk, Dąbrowska, Żak, Szczęsny, Mazur, Łuczak'),
  },
  {
    code: 'SE',
    share: 3,
    phone: '+46 8 465 004 ##',
    cities: words('Göteborg, Stockholm, Malmö, Umeå, Örebro'),
    first: words('Åsa, Björn, Maja, Göran, Elin, Håkan, Saga'),
    last: words('Öberg, Lindström, Åkesson, Sjöberg, Ek, Nordin, Hägg'),
  },
  {
    code: 'IT',
    share: 3,
    phone: '+39 02 555 ####',
    cities: words("Milano, Torino, L'Aquila, Forlì, Bologna"),
    first: words('Niccolò, Giulia, Matteo, Chiara, Beatrice, Elia'),
    last: words("D'Angelo, Bianchi, Conti, Dell'Orto, Ferrara, Nicolò"),
  },
  {
    code: 'US',
    share: 2,
    phone: '+1 202 555 01##',
    cities: words("Portland, Coeur d'Alene, Austin, San José, Brooklyn"),
    first: words('Madison, Ethan, José, Latoya, Hannah, Mateo'),
    last: words("Johnson, Núñez, O'Neil, Washington, Nguyễn, Kim"),
  },
  {
    code: 'JP',
    share: 2,
    phone: '+81 3 5550 ####',
    cities: words('東京, 大阪, 京都, 盛岡'),
    first: words('美咲=misaki, 翔太=shota, 葵=aoi, 健一=kenichi, さくら=sakura, 大輔=daisuke'),
    last: words('佐藤=sato, 鈴木=suzuki, 高橋=takahashi, 田中=tanaka, 渡辺=watanabe, 山本=yamamoto'),
    familyFirst: true,
  },
  {
    code: 'TW',
    share: 1,
    phone: '+886 2 5550 ####',
    cities: words('台北, 台中, 高雄'),
    first: words('怡君=yichun, 志明=chihming, 淑芬=shufen, 家豪=chiahao, 雅婷=yating'),
    last: words('陳=chen, 林=lin, 黃=huang, 張=chang, 李=li'),
    familyFirst: true,
  },
];
