"""The table that docs/accuracy.md shows."""
from values import BY_ENTITY

HEAD = """# Accuracy

How well each entity is found, at the default confidence of 0.5, in documents that the project generates:
letters, notes, forms, mail, chats, JSON, YAML, settings, source code, SQL, logs, tables with and without header, XML,
HTML and Markdown. Values follow the issuers' formats and check digits; between them stand order numbers, hashes,
part numbers, prices and other things that look alike. The documents are invented, so these numbers compare versions
and entities; your own documents will give others.

    make accuracy       # rounds {rounds}, seed {seed}

A finding is right when it overlaps a value of its entity; what is reported on another entity's value or on nothing is
wrong. *With name*: the share found of values that something names (a label, key or column). *Without*: of values that
stand alone; a dash where no one could tell, as with nine plain digits. Recall and F2 count both, less the latter.

"""


def share(tally):
    return f"{tally[0] / tally[1]:.3f}" if tally[1] else "-"


def commonest(counter):
    return ", ".join(f"{name} {count}" for name, count in counter.most_common(3))


def write(scores, styles, decoy_wrong, decoy_bytes, rounds, seed):
    known = sorted(entity for entity in scores if entity in BY_ENTITY)
    recall = sum(scores[e].recall for e in known) / len(known)
    precision = sum(scores[e].precision for e in known) / len(known)
    f2 = sum(scores[e].f2 for e in known) / len(known)
    lines = [HEAD.format(rounds=rounds, seed=seed),
             f"Mean of {len(known)} entities: precision **{precision:.3f}**, recall **{recall:.3f}**, F2 **{f2:.3f}**, "
             f"over {sum(s.by_how['labelled'][1] + s.by_how['bare'][1] for s in scores.values())} values.\n",
             "| entity | precision | recall | F2 | with name | without | reported instead | wrongly reported on |", "|---|---|---|---|---|---|---|---|"]
    for entity in known:
        score = scores[entity]
        without = share(score.by_how["bare"]) if BY_ENTITY[entity].alone else "-"
        lines.append(f"| {entity} | {score.precision:.3f} | {score.recall:.3f} | {score.f2:.3f} | {share(score.by_how['labelled'])} | {without} | "
                     f"{commonest(score.instead)} | {commonest(score.wrong_on)} |")
    others = {entity: scores[entity].wrong for entity in sorted(scores) if entity not in BY_ENTITY and scores[entity].wrong}
    if others:
        lines.append("\nEntities without labelled values that were reported: " + ", ".join(f"{e} {n}" for e, n in others.items()) + ".")
    lines += ["\nBy kind of document, the share found of values that are named:\n", "| document | found |", "|---|---|"]
    lines += [f"| {style} | {share(tally)} |" for style, tally in sorted(styles.items()) if tally[1]]
    megabytes = decoy_bytes / 1e6
    lines.append(f"\nIn {megabytes:.1f} MB of nothing but decoys: {sum(decoy_wrong.values()) / max(megabytes, 1e-9):.1f} findings a MB"
                 + (f" ({commonest(decoy_wrong)})." if decoy_wrong else "."))
    return "\n".join(lines) + "\n", recall, precision
