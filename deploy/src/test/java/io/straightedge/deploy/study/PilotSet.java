package io.straightedge.deploy.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Runs that can be made in any order, and the run whose loss is wanted.
 *
 * @param pilots without the target, nor any checkpoint of its model
 */
record PilotSet(String name, List<PilotRun> pilots, PilotRun target) {

    PilotSet {
        pilots = List.copyOf(pilots);
    }

    /** What all pilots cost. */
    double flops() {
        return pilots.stream().mapToDouble(PilotRun::flops).sum();
    }

    /** Without a quarter of the pilots, drawn. */
    PilotSet thinned(long seed) {
        List<PilotRun> left = new ArrayList<>(pilots);
        Collections.shuffle(left, new Random(seed));
        return new PilotSet(name, left.subList(0, left.size() - left.size() / 4), target);
    }
}
