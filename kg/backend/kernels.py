"""Searches over arrays of numbers: flat loops without objects, run as they stand or by numba.

Every function reads a graph as `kg.backend.csr` lays it out, and writes into arrays a caller lends
it, which are never cleared: what an earlier search wrote is below `base` (or not `now`). An edge
counts where `table[codes[edge]]` is true; with an empty table every edge does. What is scanned is
counted, and a search ends as soon as it has scanned more than `limit`.

Numba compiles these very functions (kg.backend.engine), so both ways give the same answers.
"""

from heapq import heappop, heappush

__all__ = ["HELPERS", "KERNELS"]

CUT = -2
"""Instead of an answer: the limit was reached."""
NONE = -1
"""Instead of an answer: there is none."""
MOST_WAYS = 2**30
"""More ways to go over parallel edges than this are not counted."""
WIDE = 0
"""Added to a 32-bit number, makes it 64 bits wide for numba: what a heap holds is of one type."""


def is_open(hop, first, codes, table):
    """Whether one of the hop's edges counts."""
    for edge in range(first[hop], first[hop + 1]):
        if table[codes[edge]]:
            return True
    return False


def price(hop, first, codes, table, costs):
    """The least an edge of the hop costs that counts; -1 where none does."""
    least = -1.0
    for edge in range(first[hop], first[hop + 1]):
        if table[codes[edge]] and (least < 0.0 or costs[edge] < least):
            least = costs[edge]
    return least


def meet(
    start, target, back_start, back_source, back_hop, first, codes, table,
    source, goal, base, mark, parent, ahead, behind, path, limit,
):  # fmt: skip
    """Writes the first of the shortest paths: how many nodes it has, edges scanned, marks used.

    A mark is `base` + twice the distance, + 1 where it is the distance to the goal. Nodes are
    met in the order of the first shortest path that leads to them, so the first path is the one
    whose forward end stands first, and then, node by node, the lowest that leads on.
    """
    filtered = len(table) > 0
    scanned = 0
    ahead[0] = source
    behind[0] = goal
    mark[source] = base
    parent[source] = -1
    if source == goal:
        path[0] = source
        return 1, scanned, 2
    mark[goal] = base + 1
    low = 0
    high = 1
    back_low = 0
    back_high = 1
    near = 0
    far = 0
    wide = start[source + 1] - start[source]
    back_wide = back_start[goal + 1] - back_start[goal]
    last = -1
    onward = -1
    while low < high and back_low < back_high and last < 0:
        if wide <= back_wide:
            tail = high
            wide = 0
            level = base + 2 * near + 2
            for at in range(low, high):
                node = ahead[at]
                begin = start[node]
                end = start[node + 1]
                scanned += end - begin
                if scanned > limit:
                    return CUT, scanned, 2 * (near + far) + 4
                hop = begin - 1
                for other in target[begin:end]:
                    hop += 1
                    seen = mark[other]
                    if seen >= base and (seen - base) & 1 == 0:
                        continue
                    if filtered and not is_open(hop, first, codes, table):
                        continue
                    if seen >= base:
                        last = node
                        onward = other
                        break
                    mark[other] = level
                    parent[other] = node
                    ahead[tail] = other
                    tail += 1
                    wide += start[other + 1] - start[other]
                if last >= 0:
                    break
            if last >= 0:
                break
            low = high
            high = tail
            near += 1
        else:
            tail = back_high
            back_wide = 0
            level = base + 2 * far + 3
            met = False
            for at in range(back_low, back_high):
                node = behind[at]
                begin = back_start[node]
                end = back_start[node + 1]
                scanned += end - begin
                if scanned > limit:
                    return CUT, scanned, 2 * (near + far) + 4
                place = begin - 1
                for other in back_source[begin:end]:
                    place += 1
                    seen = mark[other]
                    if seen >= base and (seen - base) & 1 == 1:
                        continue
                    if filtered and not is_open(back_hop[place], first, codes, table):
                        continue
                    if seen >= base:
                        met = True
                        mark[other] = level
                    elif not met:
                        mark[other] = level
                        behind[tail] = other
                        tail += 1
                        back_wide += back_start[other + 1] - back_start[other]
            back_low = back_high
            back_high = tail
            far += 1
            if met:
                for at in range(low, high):
                    if mark[ahead[at]] == level:
                        last = ahead[at]
                        break
                break
    used = 2 * (near + far) + 4
    if last < 0:
        return NONE, scanned, used
    path[near] = last
    for at in range(near - 1, -1, -1):
        path[at] = parent[path[at + 1]]
    long = near + 1
    left = far
    node = last
    if onward >= 0:
        path[long] = onward
        long += 1
        node = onward
    # down the levels of the goal's side: the lowest node that is one hop nearer
    while left > 0:
        left -= 1
        wanted = base + 2 * left + 1
        for hop in range(start[node], start[node + 1]):
            other = target[hop]
            if mark[other] == wanted and (not filtered or is_open(hop, first, codes, table)):
                node = other
                break
        path[long] = node
        long += 1
    return long, scanned, used


def corridor(
    start, target, back_start, back_source, back_hop, first, codes, table,
    source, goal, most, base, mark, back_mark, ahead, behind, limit,
):  # fmt: skip
    """Marks how far each node on a path of `most` hops is from the goal: (most, edges scanned).

    A mark is `base` + the distance. With a negative `most`, the paths meant are the shortest.
    """
    filtered = len(table) > 0
    shortest = most < 0
    bound = len(start) if shortest else most
    scanned = 0
    ahead[0] = source
    behind[0] = goal
    mark[source] = base
    back_mark[goal] = base
    low = 0
    high = 1
    back_low = 0
    back_high = 1
    near = 0
    far = 0
    wide = start[source + 1] - start[source]
    back_wide = back_start[goal + 1] - back_start[goal]
    met = source == goal
    while low < high and back_low < back_high and near + far < bound:
        if met and shortest:
            break
        if wide <= back_wide:
            tail = high
            wide = 0
            near += 1
            for at in range(low, high):
                node = ahead[at]
                scanned += start[node + 1] - start[node]
                if scanned > limit:
                    return CUT, scanned
                for hop in range(start[node], start[node + 1]):
                    other = target[hop]
                    if mark[other] >= base:
                        continue
                    if filtered and not is_open(hop, first, codes, table):
                        continue
                    if back_mark[other] >= base:
                        met = True
                    mark[other] = base + near
                    ahead[tail] = other
                    tail += 1
                    wide += start[other + 1] - start[other]
            low = high
            high = tail
        else:
            tail = back_high
            back_wide = 0
            far += 1
            for at in range(back_low, back_high):
                node = behind[at]
                scanned += back_start[node + 1] - back_start[node]
                if scanned > limit:
                    return CUT, scanned
                for place in range(back_start[node], back_start[node + 1]):
                    other = back_source[place]
                    if back_mark[other] >= base:
                        continue
                    if filtered and not is_open(back_hop[place], first, codes, table):
                        continue
                    if mark[other] >= base:
                        met = True
                    back_mark[other] = base + far
                    behind[tail] = other
                    tail += 1
                    back_wide += back_start[other + 1] - back_start[other]
            back_low = back_high
            back_high = tail
    if not met:
        return NONE, scanned
    if shortest:
        bound = near + far
    # on towards the source, along what its side has reached
    while back_low < back_high and far < bound:
        tail = back_high
        far += 1
        for at in range(back_low, back_high):
            node = behind[at]
            if mark[node] < base or mark[node] - base + far - 1 > bound:
                continue
            scanned += back_start[node + 1] - back_start[node]
            if scanned > limit:
                return CUT, scanned
            for place in range(back_start[node], back_start[node + 1]):
                other = back_source[place]
                if back_mark[other] >= base or mark[other] < base:
                    continue
                if mark[other] - base + far > bound:
                    continue
                if filtered and not is_open(back_hop[place], first, codes, table):
                    continue
                back_mark[other] = base + far
                behind[tail] = other
                tail += 1
        back_low = back_high
        back_high = tail
    return bound, scanned


def walk(
    start, target, first, codes, table,
    goal, above, most, base, back_mark, path, cursor, used, depth, out, limit,
):  # fmt: skip
    """Writes the simple paths of more than `above` and at most `most` hops, in order of nodes.

    Each is its number of nodes, in how many ways it can go over parallel edges, and the nodes. Goes
    on from where `path` and `cursor` stand, and stops where `out` is full: (room taken, depth to go
    on from or -1, edges scanned, whether a longer path may be there).
    """
    filtered = len(table) > 0
    taken = 0
    scanned = 0
    more = 0
    while depth >= 0:
        node = path[depth]
        hop = cursor[depth]
        end = start[node + 1]
        on = -1
        while hop < end:
            other = target[hop]
            hop += 1
            scanned += 1
            if back_mark[other] < base or used[other]:
                continue
            if depth + 1 + back_mark[other] - base > most:
                more = 1
                continue
            if filtered and not is_open(hop - 1, first, codes, table):
                continue
            on = other
            break
        cursor[depth] = hop
        if scanned > limit:
            return taken, depth, scanned, more
        if on < 0:
            used[node] = 0
            depth -= 1
        elif on != goal:
            depth += 1
            path[depth] = on
            cursor[depth] = start[on]
            used[on] = 1
        elif depth + 1 > above:
            ways = 1
            for at in range(depth + 1):
                out[taken + 2 + at] = path[at]
                edge = first[cursor[at] - 1]
                edges = first[cursor[at]] - edge
                if filtered and edges > 1:
                    edges = 0
                    for each in range(edge, first[cursor[at]]):
                        if table[codes[each]]:
                            edges += 1
                ways = min(ways * edges, MOST_WAYS)
            out[taken] = depth + 2
            out[taken + 1] = ways
            out[taken + depth + 3] = goal
            taken += depth + 4
            if taken + most + 3 > len(out):
                return taken, depth, scanned, more
    return taken, depth, scanned, more


def cheapest(
    start, target, back_start, back_source, back_hop, first, codes, table, cost, back_cost, costs,
    source, goal, now, seen, parent, back_parent, limit,
):  # fmt: skip
    """Dijkstra's search from both ends: (where they meet, edges scanned).

    `seen` holds four numbers of a node: its state, `now` where it has a distance from the source
    and `now` + 1 where that is final, the distance, and the same of what is left to the goal. The
    side that has scanned fewer edges goes on; of equals in distance the lowest node goes first.
    """
    filtered = len(table) > 0
    heap = [(0.0, source)]
    back_heap = [(0.0, goal)]
    seen[4 * source] = now
    seen[4 * source + 1] = 0.0
    parent[source] = -1
    seen[4 * goal + 2] = now
    seen[4 * goal + 3] = 0.0
    back_parent[goal] = -1
    best = 0.0
    middle = -1
    if source == goal:
        middle = source
    done = 0
    back_done = 0
    top = 0.0
    back_top = 0.0
    while len(heap) > 0 and len(back_heap) > 0:
        if done <= back_done:
            here, node = heappop(heap)
            at = 4 * node
            if seen[at] > now or here > seen[at + 1]:
                continue
            top = here
            if middle >= 0 and top + back_top >= best:
                break
            seen[at] = now + 1
            done += start[node + 1] - start[node] + 1
            if done + back_done > limit:
                return CUT, done + back_done
            for hop in range(start[node], start[node + 1]):
                other = target[hop]
                at = 4 * other
                state = seen[at]
                if state > now:
                    continue
                step = price(hop, first, codes, table, costs) if filtered else cost[hop]
                if step < 0.0:
                    continue
                there = here + step
                if state == now and there >= seen[at + 1]:
                    continue
                back = seen[at + 2]
                if back >= now:
                    whole = there + seen[at + 3]
                    if middle < 0 or whole < best:
                        best = whole
                        middle = other
                    elif back == now and there + back_top >= best:
                        continue
                elif middle >= 0 and there + back_top >= best:
                    continue
                seen[at] = now
                seen[at + 1] = there
                parent[other] = node
                if back <= now:  # else the way on is known
                    heappush(heap, (there, other + WIDE))
        else:
            here, node = heappop(back_heap)
            at = 4 * node
            if seen[at + 2] > now or here > seen[at + 3]:
                continue
            back_top = here
            if middle >= 0 and top + back_top >= best:
                break
            seen[at + 2] = now + 1
            back_done += back_start[node + 1] - back_start[node] + 1
            if done + back_done > limit:
                return CUT, done + back_done
            for place in range(back_start[node], back_start[node + 1]):
                other = back_source[place]
                at = 4 * other
                state = seen[at + 2]
                if state > now:
                    continue
                if filtered:
                    step = price(back_hop[place], first, codes, table, costs)
                else:
                    step = back_cost[place]
                if step < 0.0:
                    continue
                there = here + step
                if state == now and there >= seen[at + 3]:
                    continue
                ahead = seen[at]
                if ahead >= now:
                    whole = there + seen[at + 1]
                    if middle < 0 or whole < best:
                        best = whole
                        middle = other
                    elif ahead == now and there + top >= best:
                        continue
                elif middle >= 0 and there + top >= best:
                    continue
                seen[at + 2] = now
                seen[at + 3] = there
                back_parent[other] = node
                if ahead <= now:
                    heappush(back_heap, (there, other + WIDE))
    return middle, done + back_done


def funnel(
    start, target, back_start, back_source, back_hop, first, codes, table, cost, back_cost, costs,
    source, goal, bound, now, seen, limit,
):  # fmt: skip
    """Finds what is left to the goal from each node on a path of `bound`: (whether more, scanned).

    Searches from both ends until no path of `bound` can pass between what they reached, and then
    from the goal's end alone, through nodes the other has reached. `seen` is as in `cheapest`: what
    is left is final for every node on a path of `bound`.
    """
    filtered = len(table) > 0
    heap = [(0.0, source)]
    back_heap = [(0.0, goal)]
    seen[4 * source] = now
    seen[4 * source + 1] = 0.0
    seen[4 * goal + 2] = now
    seen[4 * goal + 3] = 0.0
    done = 0
    back_done = 0
    top = 0.0
    back_top = 0.0
    more = 0
    cut = False
    alone = False
    while len(back_heap) > 0:
        if not alone and (len(heap) == 0 or top + back_top > bound):
            alone = True
        if not alone and done <= back_done:
            here, node = heappop(heap)
            at = 4 * node
            if seen[at] > now or here > seen[at + 1]:
                continue
            top = here
            seen[at] = now + 1
            done += start[node + 1] - start[node] + 1
            if done + back_done > limit:
                return CUT, done + back_done
            for hop in range(start[node], start[node + 1]):
                other = target[hop]
                at = 4 * other
                state = seen[at]
                if state > now:
                    continue
                step = price(hop, first, codes, table, costs) if filtered else cost[hop]
                if step < 0.0:
                    continue
                there = here + step
                if state == now and there >= seen[at + 1]:
                    continue
                if there + (seen[at + 3] if seen[at + 2] > now else back_top) > bound:
                    more = 1
                    cut = True
                    continue
                seen[at] = now
                seen[at + 1] = there
                heappush(heap, (there, other + WIDE))
        else:
            here, node = heappop(back_heap)
            at = 4 * node
            if seen[at + 2] > now or here > seen[at + 3]:
                continue
            if alone and (seen[at] <= now or seen[at + 1] + here > bound):
                if seen[at] > now or cut or len(heap) > 0:
                    more = 1
                continue
            back_top = here
            seen[at + 2] = now + 1
            back_done += back_start[node + 1] - back_start[node] + 1
            if done + back_done > limit:
                return CUT, done + back_done
            for place in range(back_start[node], back_start[node + 1]):
                other = back_source[place]
                at = 4 * other
                state = seen[at + 2]
                if state > now:
                    continue
                if filtered:
                    step = price(back_hop[place], first, codes, table, costs)
                else:
                    step = back_cost[place]
                if step < 0.0:
                    continue
                there = here + step
                if state == now and there >= seen[at + 3]:
                    continue
                ahead = seen[at]
                if alone and ahead <= now:
                    if cut or len(heap) > 0:  # else no path from the source leads there
                        more = 1
                    continue
                if there + (seen[at + 1] if ahead > now else top) > bound:
                    more = 1
                    continue
                seen[at + 2] = now
                seen[at + 3] = there
                heappush(back_heap, (there, other + WIDE))
    return more, done + back_done


def partings(
    start, target, first, codes, table, cost, costs, path, long, since, begun, barred, bars,
    then, seen, now, noted, bound, least,
):  # fmt: skip
    """Writes what a path costs at least that parts from this one at each node from `since` on.

    -1 where none does within the bound. Back come what was left aside, as of `spur`, and edges
    scanned. From each node the path's own next one is barred, from the first the `barred` too.
    """
    filtered = len(table) > 0
    for at in range(long):
        noted[2 * path[at]] = now
        noted[2 * path[at] + 1] = at
    aside = 0
    over = 0
    scanned = 0
    for at in range(since, long - 1):
        node = path[at]
        found = -1.0
        scanned += start[node + 1] - start[node]
        for hop in range(start[node], start[node + 1]):
            other = target[hop]
            if other == path[at + 1]:
                continue
            if noted[2 * other] == now and noted[2 * other + 1] <= at:
                continue
            if at == since:
                is_barred = False
                for place in range(bars):
                    if barred[place] == other:
                        is_barred = True
                if is_barred:
                    continue
            if seen[4 * other + 2] != then + 1:
                aside = 1
                continue
            step = price(hop, first, codes, table, costs) if filtered else cost[hop]
            if step < 0.0:
                continue
            whole = begun[at] + step + seen[4 * other + 3]
            if whole > bound:
                over = 1
            elif found < 0.0 or whole < found:
                found = whole
        least[at] = found
    return aside + 2 * over, scanned


def earlier(one, two, node, parent):
    """Whether the way by `one` to the node stands before the way by `two`, node by node."""
    deep = 0
    at = one
    while True:
        if at == node:
            return False
        if parent[at] < 0:
            break
        at = parent[at]
        deep += 1
    deep_two = 0
    at = two
    while parent[at] >= 0:
        at = parent[at]
        deep_two += 1
    child = node
    child_two = node
    while deep > deep_two:
        child = one
        one = parent[one]
        deep -= 1
    while deep_two > deep:
        child_two = two
        two = parent[two]
        deep_two -= 1
    while one != two:
        child = one
        child_two = two
        one = parent[one]
        two = parent[two]
    return child < child_two


def spur(
    start, target, first, codes, table, cost, costs, path, at, begun, barred, bars,
    goal, then, seen, now, noted, parent, bound, out, limit,
):  # fmt: skip
    """Writes the cheapest way on from `path[at]` that passes no node before it and no barred one.

    Back come how many nodes `out` holds after `path[at]`, what the whole path costs, what was left
    aside (1: outside the funnel, 2: over the bound, 3: both) and edges scanned.
    """
    filtered = len(table) > 0
    for place in range(at):
        noted[2 * path[place]] = now
        noted[2 * path[place] + 1] = -1.0
    root = path[at]
    noted[2 * root] = now
    noted[2 * root + 1] = begun
    parent[root] = -1
    heap = [(begun + seen[4 * root + 3], begun, root + WIDE)]
    scanned = 0
    aside = 0
    over = 0
    while len(heap) > 0:
        _, here, node = heappop(heap)
        if here != noted[2 * node + 1]:
            continue
        if node == goal:
            long = 0
            other = node
            while parent[other] >= 0:
                out[long] = other
                other = parent[other]
                long += 1
            for place in range(long // 2):
                other = out[place]
                out[place] = out[long - 1 - place]
                out[long - 1 - place] = other
            return long, here, aside + 2 * over, scanned
        scanned += start[node + 1] - start[node]
        if scanned > limit:
            return CUT, here, aside + 2 * over, scanned
        for hop in range(start[node], start[node + 1]):
            other = target[hop]
            known = noted[2 * other] == now
            if known and noted[2 * other + 1] < 0.0:
                continue
            if node == root:
                is_barred = False
                for place in range(bars):
                    if barred[place] == other:
                        is_barred = True
                if is_barred:
                    continue
            if seen[4 * other + 2] != then + 1:
                aside = 1
                continue
            step = price(hop, first, codes, table, costs) if filtered else cost[hop]
            if step < 0.0:
                continue
            there = here + step
            if there + seen[4 * other + 3] > bound:
                over = 1
                continue
            if known:
                if there > noted[2 * other + 1]:
                    continue
                if there == noted[2 * other + 1]:
                    if earlier(node, parent[other], other, parent):
                        parent[other] = node
                    continue
            noted[2 * other] = now
            noted[2 * other + 1] = there
            parent[other] = node
            heappush(heap, (there + seen[4 * other + 3], there, other + WIDE))
    return NONE, 0.0, aside + 2 * over, scanned


def spread(start, target, source, most, base, mark, queue):
    """Marks how far each node within `most` hops of the source is; how many, queued by distance."""
    queue[0] = source
    mark[source] = base
    low = 0
    high = 1
    far = 0
    while low < high and far < most:
        far += 1
        tail = high
        for at in range(low, high):
            node = queue[at]
            for other in target[start[node] : start[node + 1]]:
                if mark[other] < base:
                    mark[other] = base + far
                    queue[tail] = other
                    tail += 1
        low = high
        high = tail
    return high


HELPERS = (is_open, price, earlier)
"""What the searches call."""
KERNELS = (meet, corridor, walk, cheapest, funnel, partings, spur, spread)
"""The searches."""
