/** The rules behind src/data/emoji-splits.json: which concepts are targets, which are set aside, in what order the rest is taken. */

/** Styles whose drawings the networks are trained on; the others are never seen in training. */
export const trainingStyles = ['noto', 'noto-v1', 'twemoji', 'emojione', 'emojione-v1'] as const;

/** Styles kept for measuring and for the course's experiments. Whole families, since sister sets share drawings. */
export const heldOutStyles = ['openmoji', 'fluent-emoji', 'fluent-emoji-flat'] as const;

/** A concept counts when it stands in at least this many of the eight styles. */
export const minimumStyles = 6;

/**
 * How many concepts are trained. With the 202 photo classes the head has 797 outputs, the most that keeps the whole network
 * under 3,000,000 parameters (2,795,040 in the backbone, 257 for each class).
 */
export const trainingConceptCount = 595;

/** A concept that no network sees in training, in any style. */
export interface Target {
  name: string;
  /** ImageNet ids of trained photo classes that show the same thing; empty if photos never taught it. */
  photoClasses: readonly string[];
  /** Concepts that share its base and are therefore kept out of training as well. */
  kin: readonly string[];
}

const target = (name: string, kin: string[] = [], photoClasses: string[] = []): Target => ({
  name,
  photoClasses,
  kin,
});

/** Targets by category. */
export const targets: Readonly<Record<string, readonly Target[]>> = {
  animals: [
    target('butterfly', [], ['n02279972', 'n02281406']),
    target('camel', ['two-hump-camel'], ['n02437312']),
    target('crab'),
    target('crocodile', [], ['n01698640']),
    target('dolphin'),
    target('duck'),
    target('elephant', [], ['n02504458']),
    target('fox'),
    target('frog', [], ['n01641577', 'n01644900']),
    target('honeybee', [], ['n02206856']),
    target('koala', [], ['n01882714']),
    target('lizard'),
    target('octopus'),
    target('owl'),
    target('panda'),
    target('penguin', [], ['n02056570']),
    target('rabbit', ['rabbit-face', 'people-with-bunny-ears']),
    target('shark'),
    target('snail', [], ['n01944390']),
    target('spider', ['spider-web'], ['n01774384', 'n01774750']),
    target('turtle'),
  ],
  food: [
    target('avocado'),
    target('banana', [], ['n07753592']),
    target('carrot'),
    target('cheese-wedge'),
    target('croissant'),
    target('doughnut'),
    target('eggplant'),
    target('grapes'),
    target('hamburger'),
    target('ice-cream', ['soft-ice-cream', 'shaved-ice'], ['n07614500']),
    target('lollipop', ['candy'], ['n07615774']),
    target('pancakes'),
    target('pineapple'),
    target('pizza', [], ['n07873807']),
    target('popcorn'),
    target('strawberry'),
    target('watermelon'),
  ],
  vehicles: [
    target('airplane', ['small-airplane', 'airplane-arrival', 'airplane-departure']),
    target('ambulance'),
    target('bicycle', ['no-bicycles', 'person-biking', 'person-mountain-biking']),
    target('canoe', ['person-rowing-boat']),
    target('fire-engine'),
    target('helicopter'),
    target('locomotive'),
    target('motorcycle', ['motor-scooter']),
    target('rocket'),
    target('sailboat'),
    target('tractor', [], ['n04465501']),
  ],
  objects: [
    target('anchor'),
    target('backpack', [], ['n02769748']),
    target('balloon'),
    target('bell', ['bell-with-slash', 'bellhop-bell']),
    target('camera', ['camera-with-flash']),
    target('candle', [], ['n02948072']),
    target('crown'),
    target('drum'),
    target('glasses', ['sunglasses', 'smiling-face-with-sunglasses', 'nerd-face'], ['n04356056']),
    target('guitar'),
    target('hourglass-done', ['hourglass-not-done'], ['n03544143']),
    target('key', ['old-key', 'locked-with-key']),
    target('light-bulb'),
    target('microscope'),
    target('scissors'),
    target('telescope'),
    target(
      'umbrella',
      ['umbrella-with-rain-drops', 'umbrella-on-ground', 'closed-umbrella', 'beach-with-umbrella'],
      ['n04507155'],
    ),
    target('violin'),
  ],
  plants: [
    target('cactus', ['desert']),
    target('four-leaf-clover', ['shamrock']),
    target('maple-leaf'),
    target('mushroom', [], ['n07734744']),
    target('palm-tree', ['desert-island']),
    target('rose', ['wilted-flower', 'bouquet']),
    target('sunflower'),
    target('tulip'),
  ],
};

/** Concepts that are neither trained nor targets: people by skin and gender, flags, clocks, keycaps, lettering, plain shapes. */
export const setAside: readonly { why: string; pattern: RegExp }[] = [
  {
    why: 'gender',
    pattern:
      /^(man|woman|men|women|mens|womens|boy|girl|male|female|old-man|old-woman|mrs|prince|princess|couple|kiss-(man|woman)|bride)\b/,
  },
  { why: 'family', pattern: /^family/ },
  { why: 'skin tone', pattern: /skin-tone/ },
  {
    why: 'person',
    pattern:
      /^(person|people|guard|detective|construction-worker|police-officer|santa-claus|baby|selfie|pregnant|skier|snowboarder|horse-racing|bust|busts|beach)\b/,
  },
  { why: 'flag', pattern: /\bflags?\b|^map-of|^crossed-flags/ },
  { why: 'clock', pattern: /-(oclock|thirty)$/ },
  { why: 'keycap', pattern: /^keycap/ },
  {
    why: 'lettering',
    pattern:
      /button$|^japanese-.*-button|^input-|^circled-|-arrow$|arrow-|-arrows-|sign$|-mark$|^(copyright|registered|trade-mark|information|hundred-points|zzz|currency-exchange|mahjong|wavy-dash|curly-loop|double-curly-loop|minus|plus|multiply|divide|antenna-bars)/,
  },
  {
    why: 'plain shape',
    pattern: /-(square|circle|diamond)$|^(white|black)-.*square|diamond-with-a-dot|triangle-pointed/,
  },
  {
    why: 'zodiac',
    pattern:
      /^(aries|taurus|gemini|cancer|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces|ophiuchus)$/,
  },
  {
    why: 'one face among dozens that hardly differ at 64 pixels',
    pattern:
      /^(?!(angry|crying|clown|cowboy-hat|drooling|flushed|grinning|kissing|neutral|smirking|sleeping|thinking|winking|zipper-mouth|money-mouth|nauseated|upside-down)-face$|(cat|dog|cow|horse|mouse|pig|tiger|monkey|dragon|wind|full-moon|new-moon)-face$|face-(screaming-in-fear|with-medical-mask|with-thermometer|with-tears-of-joy|blowing-a-kiss)$|smiling-face-with-(halo|horns|heart-eyes)$).*\bface\b(?!.*heart-suit)/,
  },
  { why: 'rude', pattern: /^middle-finger$/ },
  { why: 'cat copies of faces', pattern: /^(grinning|kissing|pouting|crying|weary|smiling)-cat|^cat-with/ },
  {
    why: 'symbol of a faith',
    pattern:
      /cross$|^(star-of-david|star-and-crescent|dotted-six|om|wheel-of-dharma|menorah|kaaba|prayer-beads|place-of-worship|atom-symbol|yin-yang|peace-symbol)/,
  },
  {
    why: 'one drawing in several positions',
    pattern:
      /^(waning|waxing|first-quarter|last-quarter)-|-(lowered|raised)-flag$|-(right|left)$|globe-showing-(asia|europe)|^speaker-(low|medium)|^(right|left)-/,
  },
];

/** Categories (as twemoji names them) in the order in which training concepts are taken from them. */
export const categoryOrder = [
  'Animals & Nature',
  'Food & Drink',
  'Activities',
  'Objects',
  'Travel & Places',
  'Smileys & Emotion',
  'People & Body',
  'Symbols',
] as const;
