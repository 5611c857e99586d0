"""Makes small vocabularies of several kinds, and what reference implementations make of some texts.

    pip install transformers==4.38.2 tokenizers==0.15.2 sentencepiece==0.2.3 "protobuf<5"
    python make.py

Ids are those of the slow tokenizers of Hugging Face transformers, or of SentencePiece itself; the fast
ones must agree and add offsets and word ids. All text is made up here.
"""

import json
import os
import random
import shutil
import tempfile

import sentencepiece
import tokenizers
import transformers
from tokenizers import normalizers, pre_tokenizers

HERE = os.path.dirname(os.path.abspath(__file__))
transformers.logging.set_verbosity_error()

WORDS = """the a of and to in is was it that for on with as by at from this they be not are but have an or which
you one we all there can more when her him his some what up out if about who them than into could other only time
movie film story scene actor camera light music long short slow fast good great bad worst best first last second
sentence word text token piece model layer head attention learn learning learned train training trained test tested
quick brown fox jumps over lazy dog hello world house houses small smaller smallest read reads reading reader write
writing written number numbers two three four five six seven eight nine ten price percent euro pound
le la les un une des et est dans que qui pour pas sur avec plus ce il elle nous vous ils mais comme tout bien
texte phrase mot petit petite grand grande histoire lumière été déjà café élève être même après""".split()

# Few, so that the character map stays small.
RULES = {"\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u3000": " ", "\u2028": " ", "\x85": " ",
         "\ufb01": "fi", "½": "1/2", "²": "2", "…": "...", "e\u0301": "é", "E\u0301": "É", "\u212b": "Å",
         "\u200b": "", "\u200d": "", "\ufeff": "", "\x08": "", "\U0001d54f": "X", "Ａ": "A", "！": "!"}

TEXTS = [
    "Hello world!", "The movies (a small fox) cost 1,234.56 euros – naïve \ufb01", "it 's slow -- very , very slow .",
    "Le café est déjà là, l'élève était même grande.", "CAFE\u0301 cafe\u0301 Été", "", " ", " \t ", " one",
    "  leading and   multiple   spaces\tand\ttabs\n", "中文 mixed 日本語 text", "emoji 😀👍🏽 then words",
    "\u00a0nbsp\u200bzero\u200dwidth", "[MASK] and [SEP] inside text", "<s> <pad> <mask> </s> <unk> marks",
    "İstanbul ﬁ ½ ²", "\ufeffstart", "line1\r\nline2\u2028line3\x85end", "A.B.C. U.S.A. e.g.", "a-b-c (d) £5 (two three)",
    "``quoted'' “text”", "9, 1980, 12,  and", "trainingtrainedtestedlearnedlearning", "<extra_id_0> x <extra_id_99>y",
    "sentence</w> <tab>one(two", "1 22 333 4444 55555", "𝕏 math", "test\\n|*(two", "st test test thing"]
PAIRS = [("a first sentence .", "a second , longer sentence ."), ("short", "l " * 40), ("l " * 40, "short"),
         ("w1 " * 30, "w2 " * 30), ("", "second only"), ("first only", "")]
SPLIT = [["The", "training", "of", "pre-split", "words"], ["e.g.", "1,234", "naïve", "😀", "(a"], ["été", "中文", "b"]]


def corpus(path):
    r = random.Random(7)
    with open(path, "w") as file:
        for _ in range(3000):
            words = [r.choice(WORDS) for _ in range(r.randint(3, 14))]
            if r.random() < 0.4:
                words[0] = words[0].capitalize()
            for i in range(len(words) - 1):
                x = r.random()
                if x < 0.06:
                    words[i] += ","
                elif x < 0.08:
                    words[i] = "“" + words[i] + "”"
                elif x < 0.10:
                    words[i] = "(" + words[i] + ")"
                elif x < 0.13:
                    words[i] = str(r.randint(0, 99999))
                elif x < 0.15:
                    words[i] = f"{r.randint(1, 999)},{r.randint(100, 999)}.{r.randint(0, 99)}"
                elif x < 0.17:
                    words[i] += "'s"
                elif x < 0.19:
                    words[i] += "-"
            file.write(" ".join(words) + r.choice([".", ".", "!", "?", ";", ""]) + "\n")


def code_points(text):
    return " ".join("%X" % ord(c) for c in text)


def sentence_piece(folder, name, **options):
    with open("rules.tsv", "w") as file:
        file.writelines(f"{code_points(a)}\t{code_points(RULES[a])}\n" for a in sorted(RULES))
    sentencepiece.SentencePieceTrainer.train(
        input="corpus.txt", model_prefix="m", normalization_rule_tsv="rules.tsv", character_coverage=1.0,
        num_threads=1, minloglevel=2, hard_vocab_limit=False, **options)
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    shutil.copy("m.model", os.path.join(HERE, folder, name))


def gpt(folder):
    model = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    model.normalizer = normalizers.BertNormalizer(lowercase=True)
    model.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=350, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False)
    model.train(["corpus.txt"], trainer)
    folder = os.path.join(HERE, folder)
    os.makedirs(folder, exist_ok=True)
    model.model.save(folder)


def write(folder, fast, slow_ids):
    """`fast` has offsets and truncates; `slow_ids` takes one text or two."""
    pad = fast.pad_token_id if fast.pad_token_id is not None else fast.unk_token_id

    def single(text):
        encoded = fast(text, return_offsets_mapping=True)
        assert encoded["input_ids"] == slow_ids(text), (folder, text, encoded.tokens(), slow_ids(text))
        return {"text": text, "ids": encoded["input_ids"], "offsets": encoded["offset_mapping"]}

    def pair(a, b):
        encoded = fast(a, b, return_token_type_ids=True)
        assert encoded["input_ids"] == slow_ids(a, b), (folder, a, b)
        return {"a": a, "b": b, "ids": encoded["input_ids"], "types": encoded["token_type_ids"]}

    def truncated(a, b):
        encoded = fast(a, b, return_token_type_ids=True, truncation=True, max_length=24)
        return {"a": a, "b": b, "max_length": 24, "ids": encoded["input_ids"], "types": encoded["token_type_ids"]}

    def words(split):
        encoded = fast(split, is_split_into_words=True)
        return {"words": split, "ids": encoded["input_ids"], "word_ids": encoded.word_ids()}

    rows = [fast(text)["input_ids"] for text in TEXTS[:3]]
    longest = max(map(len, rows))
    expected = {
        "single": [single(text) for text in TEXTS],
        "pair": [pair(a, b) for a, b in PAIRS if b],
        "truncated": [truncated(a, b) for a, b in PAIRS if b],
        "batch": {
            "texts": TEXTS[:3],
            "ids": [row + [pad] * (longest - len(row)) for row in rows],
            "mask": [[1] * len(row) + [0] * (longest - len(row)) for row in rows]}}
    dump(folder, "expected.json", expected)
    dump(folder, "expected-words.json", [words(split) for split in SPLIT])


def dump(folder, name, value):
    with open(os.path.join(HERE, folder, name), "w") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


def family(folder, name):
    path = os.path.join(HERE, folder)
    fast = getattr(transformers, name + "TokenizerFast").from_pretrained(path)
    slow = getattr(transformers, name + "Tokenizer").from_pretrained(path)
    if name == "Albert":
        # The converter leaves a space at the end, unlike the slow tokenizer and the published files.
        tokenizer = fast.backend_tokenizer
        tokenizer.normalizer = normalizers.Sequence([tokenizer.normalizer, normalizers.Strip(left=False)])
    write(folder, fast, lambda *texts: slow(*texts)["input_ids"])


def plain(folder, name):
    model = sentencepiece.SentencePieceProcessor(os.path.join(HERE, folder, name))
    # Not so in the Hugging Face library, which finds marks in text and replaces "\r\n" as one character.
    texts = [text for text in TEXTS if "<s>" not in text and "\r\n" not in text]
    dump(folder, "expected.json", {"single": [{"text": text, "ids": model.encode(text)} for text in texts]})


def main():
    with tempfile.TemporaryDirectory() as temporary:
        os.chdir(temporary)
        corpus("corpus.txt")
        sentence_piece("t5", "spiece.model", vocab_size=220, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
        sentence_piece(
            "albert", "spiece.model", vocab_size=220, pad_id=0, unk_id=1, eos_id=-1, bos_id=-1,
            control_symbols=["[CLS]", "[SEP]", "[MASK]"], user_defined_symbols=["(", ")", '"', "-", ".", "–", "£", "€"])
        sentence_piece("xlm-roberta", "sentencepiece.bpe.model", vocab_size=220)
        sentence_piece(
            "sentencepiece-bpe", "tokenizer.model", vocab_size=450, model_type="bpe", byte_fallback=True,
            user_defined_symbols=["<tab>", "("])
        sentence_piece(
            "sentencepiece-spaces", "tokenizer.model", vocab_size=260, split_by_whitespace=False,
            add_dummy_prefix=False, remove_extra_whitespaces=False, user_defined_symbols=["ing", "st t"])
        sentence_piece(
            "sentencepiece-bpe-spaces", "tokenizer.model", vocab_size=260, model_type="bpe",
            add_dummy_prefix=False, user_defined_symbols=["(two", "|*"])
        gpt("openai-gpt")
    for folder in ("camembert", "sentencepiece-unigram"):
        os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    model = os.path.join(HERE, "xlm-roberta", "sentencepiece.bpe.model")
    shutil.copy(model, os.path.join(HERE, "camembert", "sentencepiece.bpe.model"))
    shutil.copy(model, os.path.join(HERE, "sentencepiece-unigram", "tokenizer.model"))
    family("t5", "T5")
    family("albert", "Albert")
    family("xlm-roberta", "XLMRoberta")
    family("camembert", "Camembert")
    family("openai-gpt", "OpenAIGPT")
    plain("sentencepiece-unigram", "tokenizer.model")
    plain("sentencepiece-bpe", "tokenizer.model")
    plain("sentencepiece-spaces", "tokenizer.model")
    plain("sentencepiece-bpe-spaces", "tokenizer.model")


main()
